// Answers the questions of the bench over IPC: one message in, one out, matched by its id.
// CommonJS because the server needs it; load.mjs imports it just as well.

/** @param {Record<string, (question: object) => unknown>} handlers  by the question's `what`; may be async */
module.exports = function answer(handlers) {
  process.on('message', async ({ id, what, ...question }) => {
    try {
      process.send({ id, value: await handlers[what](question) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
  // Left alone when the bench was killed: a child never outlives it.
  process.on('disconnect', () => process.exit());
};
