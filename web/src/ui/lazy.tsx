import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from './problem.js';

/** A component whose code is loaded when it is first shown, because few ever need it. The service worker has it without a network. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Lazy(props: Props) {
    const [Shown, setShown] = useState(() => loaded);
    const [error, setError] = useState<unknown>();
    useEffect(() => {
      if (loaded) return;
      load().then((component) => {
        loaded = component;
        setShown(() => component);
      }, setError);
    }, []);
    if (error !== undefined) return <Problem error={error} />;
    return Shown ? <Shown {...props} /> : null;
  };
}
