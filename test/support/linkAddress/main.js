// A link that is clicked outside of VS Code has an address of its own where VS Code runs in a browser: another tab that
// opens it hands the link to the window, as the system does on a desktop. Only an extension can ask for that address.
const vscode = require('vscode');

exports.activate = (context) => {
  const ask = async () => {
    const link = await vscode.window.showInputBox({ title: 'Link', ignoreFocusOut: true });
    const address = await vscode.env.asExternalUri(vscode.Uri.parse(link, true));
    await vscode.window.showInputBox({ title: 'Address', value: address.toString(true), ignoreFocusOut: true });
  };
  context.subscriptions.push(vscode.commands.registerCommand('flowdeckTest.linkAddress', ask));
};
