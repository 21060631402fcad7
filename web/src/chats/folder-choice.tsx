import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Segmented } from '../ui/segmented.js';

interface Props {
  /** undefined: all chats. */
  readonly folderId: string | undefined;
  readonly onChange: (folderId: string | undefined) => void;
}

/** Which folder the list shows, where there are any. */
export function FolderChoice({ folderId, onChange }: Props) {
  const texts = useTexts();
  const folders = useView(useClient().own)?.folders?.folders ?? [];
  if (folders.length === 0) return null;
  const options = [
    { value: '', label: texts.allChats },
    ...folders.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div class="folders">
      <Segmented
        label={texts.folders}
        options={options}
        value={folderId ?? ''}
        onChange={(value) => onChange(value === '' ? undefined : value)}
      />
    </div>
  );
}
