/** The client under test has broken a rule. */
export class Breach extends Error {
  override readonly name = 'Breach';
}

/** What the client under test does not do, and need not do. */
export class NotKept extends Error {
  override readonly name = 'NotKept';
}
