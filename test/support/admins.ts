import { register, type Person, type TestTarget } from './client.js';

/** A user who is an admin. */
export async function registerAdmin(test: TestTarget): Promise<Person> {
  const admin = await register(test);
  await test.db.user.update({ where: { id: BigInt(admin.id) }, data: { role: 'admin' } });
  return admin;
}

/** Of all that other tests have left, so that a test can have the last one. */
export async function demoteAll({ db }: TestTarget): Promise<void> {
  await db.user.updateMany({ where: { role: 'admin' }, data: { role: 'user' } });
}
