// Connects by polling, answers the first message, and leaves in the middle of a poll: client.mjs URL PACKAGE
const [, , url, name] = process.argv;
const { default: io } = await import(name);
const socket = io(url, { transports: ['polling'] });
socket.on('news', (text) => {
  console.log(text);
  if (text === 'one') socket.emit('answer', 'two');
  else setTimeout(() => process.exit(0), 300);
});
