import type { ChatHandle, MessengerClient } from 'messenger-client';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Account } from '../account/account.js';

const AccountContext = createContext<Account | undefined>(undefined);

export const AccountProvider = AccountContext.Provider;

/** Who is signed in; for all that is shown to them alone. */
export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (!account) throw new Error('Nobody is signed in.');
  return account;
}

export function useClient(): MessengerClient {
  return useAccount().client;
}

export function useChatHandle(chatId: number): ChatHandle {
  return useClient().chat(chatId);
}
