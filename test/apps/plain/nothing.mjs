// Serves nothing.
console.log('done');
