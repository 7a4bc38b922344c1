/** The filters of the list of users on phones: one dialog in place of five buttons. */
import { Button, Dialog, type FormValues, Select, SubmitButton } from '@postern/react/ui';
import { useMessages } from '../../messages/messages.ts';
import { type UsersSearch, usersSearch } from './search.ts';
import type { UserFilterField } from './user-filters.ts';

export interface UsersFilterDialogProps {
  search: UsersSearch;
  filters: readonly UserFilterField[];
  onChange: (part: UsersSearch) => void;
  onClose: () => void;
}

export function UsersFilterDialog({ search, filters, onChange, onClose }: UsersFilterDialogProps) {
  const { filters: texts, invite } = useMessages();
  const submit = (values: FormValues) => {
    const chosen = usersSearch(Object.fromEntries(filters.map(({ name }) => [name, values.text(name)])));
    onChange(Object.fromEntries(filters.map(({ name }) => [name, chosen[name]])));
    onClose();
  };
  return (
    <Dialog
      title={texts.filter}
      onClose={onClose}
      submit={submit}
      footer={
        <>
          <Button onClick={onClose}>{invite.cancel}</Button>
          <SubmitButton kind="primary">{texts.apply}</SubmitButton>
        </>
      }
    >
      {filters.map(({ name, label, choices }) => (
        <Select key={name} name={name} label={label} defaultValue={search[name] ?? ''}>
          <option value="">{texts.any}</option>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Select>
      ))}
    </Dialog>
  );
}
