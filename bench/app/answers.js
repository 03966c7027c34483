// Answers questions of the bench over IPC. Question and answer are messages with the same id.
// CommonJS, because the server is CommonJS; load.mjs can import it too.

/** @param {Record<string, (question: object) => unknown>} handlers  by the question's `what`; may be async */
module.exports = function answer(handlers) {
  process.on('message', async ({ id, what, ...question }) => {
    try {
      process.send({ id, value: await handlers[what](question) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
  // A killed bench must leave no child processes.
  process.on('disconnect', () => process.exit());
};
