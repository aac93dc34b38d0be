// The Python debugger's extension comes from a marketplace that not every machine reaches. This one has its id and its
// library, debugpy from PyPI, and attaches as that does: to the adapter that a program under debugpy listens with.
const vscode = require('vscode');

exports.activate = (context) => {
  const factory = {
    createDebugAdapterDescriptor({ configuration: { request, connect } }) {
      if (request !== 'attach' || !connect) throw new Error('only attaching to a port is known here');
      return new vscode.DebugAdapterServer(Number(connect.port), connect.host);
    },
  };
  context.subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', factory));
};
