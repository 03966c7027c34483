import { expect, it } from 'vitest';
import { type Around, Patches } from '../../../src/calls/databases/patches.ts';

/** Classes of a driver, and calls that a patch has seen. */
function create() {
  class Client {
    readonly name = 'db';
    query(text: string, _values?: unknown): string {
      return `${this.name}: ${text}`;
    }
    get state(): string {
      throw new Error('a getter was read');
    }
  }
  class Subclass extends Client {}
  const seen: unknown[] = [];
  const note: Around = (original, self, args) => {
    seen.push(args);
    return Reflect.apply(original, self, args);
  };
  return { Client, Subclass, seen, note };
}

it('sees each call, and leaves what the method does and looks like', () => {
  const { Client, seen, note } = create();
  const { name, length } = Client.prototype.query;
  expect(new Patches().add(Client.prototype, 'query', note)).toBe(true);
  expect(new Client().query('a')).toBe('db: a');
  expect(seen).toEqual([['a']]);
  expect(Object.keys(Client.prototype)).toEqual([]);
  expect([Client.prototype.query.name, Client.prototype.query.length]).toEqual([name, length]);
});

it('sees a call of a subclass once', () => {
  const { Client, Subclass, seen, note } = create();
  const patches = new Patches();
  expect(patches.add(Subclass.prototype, 'query', note)).toBe(true);
  expect(patches.add(Client.prototype, 'query', note)).toBe(true);
  new Subclass().query('a');
  expect(seen).toEqual([['a']]);
});

it('restores the method', () => {
  const { Client, seen, note } = create();
  const { query } = Client.prototype;
  const patches = new Patches();
  patches.add(Client.prototype, 'query', note);
  patches.restore();
  expect(Client.prototype.query).toBe(query);
  expect(seen).toEqual([]);
});

it("leaves another tool's later patch in place, and sees nothing any more", () => {
  const { Client, seen, note } = create();
  const patches = new Patches();
  patches.add(Client.prototype, 'query', note);
  const ours = Client.prototype.query;
  const theirs = function (this: InstanceType<typeof Client>, text: string) {
    return `(${ours.call(this, text)})`;
  };
  Client.prototype.query = theirs;
  expect(new Client().query('a')).toBe('(db: a)');
  patches.restore();
  expect(Client.prototype.query).toBe(theirs);
  expect(new Client().query('b')).toBe('(db: b)');
  expect(seen).toEqual([['a']]);
});

it.each(['missing', 'state'])('patches nothing where the class has no such method: %s', (name) => {
  const { Client, note } = create();
  const before = Object.getOwnPropertyDescriptors(Client.prototype);
  expect(new Patches().add(Client.prototype, name, note)).toBe(false);
  expect(Object.getOwnPropertyDescriptors(Client.prototype)).toEqual(before);
});

it('patches nothing in a class that is frozen', () => {
  const { Client, note } = create();
  Object.freeze(Client.prototype);
  expect(new Patches().add(Client.prototype, 'query', note)).toBe(false);
});

it.each([undefined, null])('patches nothing in %s', (object) => {
  expect(new Patches().add(object, 'query', create().note)).toBe(false);
});
