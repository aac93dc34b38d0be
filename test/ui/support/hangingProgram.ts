/**
 * Python that never ends by itself. Its second argument names a grandchild that does not hear, in a session of its own, as
 * data loaders and the like are.
 */
export const hangingProgram = `import subprocess, sys, time
deaf = "import signal, time\\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\\ntime.sleep(600)"
subprocess.Popen([sys.executable, "-c", deaf, sys.argv[2]], start_new_session=True)
print("hangs", flush=True)
time.sleep(600)
`;
