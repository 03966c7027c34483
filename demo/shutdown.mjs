/**
 * Watches for the reasons why a program in a terminal has to end: a signal, or the end of its parent process.
 * @returns `controller`, which is aborted then; `requested`, true after a signal; `request()`, which ends the program
 */
export function watchShutdown() {
  const controller = new AbortController();
  const shutdown = {
    controller,
    requested: false,
    request() {
      shutdown.requested = true;
      controller.abort();
    },
  };
  // A terminal sends Ctrl-C to every process, and npm may forward it again. A second signal has no further effect.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, shutdown.request);
  // npm runs this program from a shell. A signal sent only to npm ends that shell; this program would run on without
  // end.
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && shutdown.request(), 500).unref();
  // The reader of the pipe has ended (`| head`).
  process.stdout.on('error', shutdown.request);
  return shutdown;
}
