/** What is filled in, by the names of the fields. */
export function formValues(event: SubmitEvent): Readonly<Record<string, string>> {
  event.preventDefault();
  const entries = [...new FormData(event.currentTarget as HTMLFormElement)];
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
