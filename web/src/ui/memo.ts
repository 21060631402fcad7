import { Component, h, type FunctionComponent } from 'preact';

/** A component that is drawn again only when one of its properties is another. */
export function memo<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const keys = Object.keys(next) as (keyof P)[];
      return keys.length !== Object.keys(this.props).length || keys.some((key) => next[key] !== this.props[key]);
    }

    override render() {
      return h(Inner, this.props);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}
