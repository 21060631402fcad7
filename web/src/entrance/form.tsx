import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formValues } from '../ui/form-values.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

interface Props {
  readonly title: string;
  readonly action: string;
  readonly submit: (values: Readonly<Record<string, string>>) => Promise<unknown>;
  readonly children: (error: unknown) => ComponentChildren;
  readonly footer?: ComponentChildren;
}

/** A form of the entrance: what is filled in is given to `submit`, and what it refuses is said. */
export function Form({ title, action, submit, children, footer }: Props) {
  const { isBusy, error, run } = useTask();
  const form = useRef<HTMLFormElement>(null);
  // With what is shown: later, it would take the focus from the field that somebody has gone on to.
  useLayoutEffect(() => {
    if (matchMedia('(hover: hover)').matches) form.current?.querySelector('input')?.focus();
  }, []);
  useLayoutEffect(() => {
    // A refusal leads to the field that it is about, or to the first.
    if (error !== undefined)
      (
        form.current?.querySelector<HTMLElement>('[aria-invalid=true]') ?? form.current?.querySelector('input')
      )?.focus();
  }, [error]);
  const send = (event: SubmitEvent) => {
    const values = formValues(event);
    run(() => submit(values));
  };
  return (
    <form ref={form} class="form" onSubmit={send} novalidate>
      <h1>{title}</h1>
      {children(error)}
      <Problem error={error} />
      <button type="submit" class="button" aria-disabled={isBusy}>
        {action}
      </button>
      {footer}
    </form>
  );
}
