/** The dialogs of the roles: review of a change, a new role, deletion. Each needs a recent sign-in. */
import { useStepUp } from '@postern/react';
import {
  Button,
  Dialog,
  Field,
  type FormValues,
  ReasonDialog,
  Select,
  SubmitButton,
  useToast,
} from '@postern/react/ui';
import { useQueryClient } from '@tanstack/react-query';
import { CreateRoleDocument, DeleteRoleDocument, UpdateRoleDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { client } from '../../session/client.ts';
import { useViewer } from '../../session/viewer.ts';
import type { Role } from './rules.ts';
import type { Draft } from './use-draft.ts';

interface Closing {
  onClose: () => void;
}

export function ReviewDialog({ draft, onDone, onClose }: Closing & { draft: Draft; onDone: () => void }) {
  const { roles: texts } = useMessages();
  const { role, permissions, added, removed } = draft;
  const meanings: Readonly<Record<string, string>> = texts.meanings;
  const toast = useToast();
  const run = useRoleChange();
  const confirm = async () => {
    await run(() => client.request(UpdateRoleDocument, { input: { name: role.name, permissions: [...permissions] } }));
    toast(texts.saved(role.name));
    onDone();
  };
  return (
    <ReasonDialog
      title={texts.reviewTitle(role.name)}
      lead={texts.reviewLead}
      action={texts.save}
      reason="none"
      confirm={confirm}
      onClose={onClose}
    >
      <div className="diff">
        {[
          ...removed.map((name) => ['was', '−', name] as const),
          ...added.map((name) => ['is', '+', name] as const),
        ].map(([look, sign, name]) => (
          <div className={look} key={name}>
            <span className="f" />
            <span>{sign}</span>
            <span>
              {name} <span className="f">{meanings[name]}</span>
            </span>
          </div>
        ))}
      </div>
    </ReasonDialog>
  );
}

export function CreateRoleDialog({ roles, onClose }: Closing & { roles: readonly Role[] }) {
  const { roles: texts, invite } = useMessages();
  const viewer = useViewer();
  const toast = useToast();
  const run = useRoleChange();
  const submit = async (values: FormValues) => {
    const like = roles.find(({ name }) => name === values.text('like'));
    const permissions = (like?.permissions ?? []).filter((permission) => viewer.permissions.includes(permission));
    const input = { name: values.text('name').trim(), rank: Number(values.text('rank')), permissions };
    await run(() => client.request(CreateRoleDocument, { input }));
    toast(texts.created(input.name));
    onClose();
  };
  return (
    <Dialog
      title={texts.create}
      onClose={onClose}
      submit={submit}
      fieldOf={{ CONFLICT: 'name' }}
      footer={
        <>
          <Button onClick={onClose}>{invite.cancel}</Button>
          <SubmitButton kind="primary">{texts.create}</SubmitButton>
        </>
      }
    >
      <Field
        name="name"
        label={texts.name}
        hint={texts.nameHint}
        autoComplete="off"
        autoCapitalize="characters"
        required
        maxLength={64}
      />
      <Field
        name="rank"
        label={texts.rankLabel}
        hint={texts.rankHint}
        type="number"
        min={0}
        max={99}
        defaultValue={30}
        required
      />
      <Select name="like" label={texts.copyFrom} defaultValue="USER">
        <option value="">{texts.nothing}</option>
        {roles.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
    </Dialog>
  );
}

export function DeleteRoleDialog({ role, onDone, onClose }: Closing & { role: Role; onDone: () => void }) {
  const { roles: texts } = useMessages();
  const toast = useToast();
  const run = useRoleChange();
  const confirm = async () => {
    await run(() => client.request(DeleteRoleDocument, { input: { name: role.name } }));
    toast(texts.deleted(role.name));
    onDone();
  };
  return (
    <ReasonDialog
      title={texts.deleteTitle(role.name)}
      lead={texts.deleteLead}
      action={texts.deleteRole(role.name)}
      reason="none"
      danger
      confirm={confirm}
      onClose={onClose}
    />
  );
}

/** Runs a change after the step-up that it needs, then reads the roles again. */
function useRoleChange() {
  const stepUp = useStepUp();
  const queries = useQueryClient();
  return async (change: () => Promise<unknown>): Promise<void> => {
    await stepUp.run(change);
    await queries.invalidateQueries({ queryKey: ['roles'] });
  };
}
