import { expect, it } from 'vitest';
import { databaseErrorType } from '../../../src/calls/databases/error-type.ts';

const failure = (properties: object) =>
  Object.assign(new Error("Duplicate entry 'secret' for key 'email'"), properties);

it.each([
  [failure({ code: 'ER_DUP_ENTRY' }), 'ER_DUP_ENTRY'],
  [failure({ code: '23505' }), '23505'],
  [failure({ code: 11000 }), '11000'],
  [failure({ name: 'ReplyError' }), 'ReplyError'],
  [failure({ code: "a secret's code", name: 'TimeoutError' }), 'TimeoutError'],
  [failure({ code: {}, name: 'no name at all' }), '_OTHER'],
  [new (class SimpleError extends Error {})('secret'), 'SimpleError'],
  [failure({}), 'Error'],
  ['secret', '_OTHER'],
  [7, '_OTHER'],
])('names the error of %j %s, and never by its message', (error, type) => {
  expect(databaseErrorType(error)).toBe(type);
});
