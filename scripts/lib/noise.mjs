// @ts-check
// Lines that a calm VS Code writes anyway; they would bury what the tests say.

const noise = [
  /^\[AgentHost/,
  /^\[ChatModelSelection/,
  /^\[AccountPolicyGate/,
  /^\[Service Worker\] registration/,
  /^Creating a socket/,
  /^Resolv\w* connection token/,
  /^Ignoring fetching additional builtin/,
  /^Updating additional builtin/,
  /^\[reconnection-grace-time\]/,
  /^No search provider registered/,
  /^ChatSessionStore: /,
  /^Canceled: Canceled/,
  /^%c(?:INFO|TRACE|DEBUG)/,
];

/** @param {string} line */
export function isNoise(line) {
  const plain = line.replace(/^\s*(?:%c\s*)?(?:\[[\w.-]+\]\s*)?(?=\[|[A-Z])/, '');
  return noise.some((pattern) => pattern.test(line) || pattern.test(plain));
}
