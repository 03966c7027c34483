// An app without a server.
console.log('done');
