/**
 * When a program that runs in a terminal has to end: somebody asked it to, or nobody is left who could.
 * @returns the controller that is aborted then, whether it was asked for, and a way to ask
 */
export function theEnd() {
  const controller = new AbortController();
  const end = {
    controller,
    asked: false,
    ask() {
      end.asked = true;
      controller.abort();
    },
  };
  // A terminal sends Ctrl-C to every process of the program, and npm may pass it on once more: twice is as good as once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end.ask);
  // npm runs this from a shell. A signal sent to npm alone ends that shell, and nobody would be left to end this.
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && end.ask(), 500).unref();
  // Whoever read the pipe has seen enough (`| head`).
  process.stdout.on('error', end.ask);
  return end;
}
