import { account, type Account } from '../account/account.js';
import { Entrance } from '../entrance/entrance.js';
import { Messenger } from './messenger.js';
import { useView } from './use-view.js';

function SignedIn({ account }: { readonly account: Account }) {
  const { state } = useView(account.client.connection);
  return state === 'unauthorized' ? <Entrance /> : <Messenger account={account} />;
}

export function App() {
  const current = useView(account);
  return current ? <SignedIn key={current.userId} account={current} /> : <Entrance />;
}
