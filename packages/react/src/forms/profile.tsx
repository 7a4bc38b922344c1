/** Name, language of mails and address of the user. */
import Mail from 'lucide-react/icons/mail';
import { useState } from 'react';
import { useProfile } from '../account/use-profile.ts';
import { english } from '../messages/en/profile.ts';
import type { FormMessages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Form, type FormValues } from '../ui/form.tsx';
import { Note } from '../ui/note.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Panel, Row } from '../ui/panel.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { SubmitButton } from '../ui/submit-button.tsx';
import type { FormPartProps } from './form-parts.tsx';

export interface ProfileProps extends FormPartProps<'profile'> {
  /** After the profile was saved. */
  onDone?: (() => void) | undefined;
}

type Texts = FormMessages['profile'];

export function Profile({ className, messages: own, level, onDone }: ProfileProps) {
  const texts = useTexts('profile', english, own);
  const { messages } = useLanguage();
  const { viewer, update, changeEmail } = useProfile();
  const [notice, setNotice] = useState<string | null>(null);
  const [isChanging, setChanging] = useState(false);
  const save = async (values: FormValues) => {
    setNotice(null);
    await update({ displayName: values.text('displayName').trim() || null, locale: values.text('locale') || null });
    setNotice(texts.saved);
    onDone?.();
  };
  const change = async (newEmail: string) => {
    await changeEmail(newEmail);
    setChanging(false);
    setNotice(texts.sent(newEmail));
  };
  const head = <PageHead title={texts.title} lead={texts.lead} level={level} />;
  if (!viewer)
    return (
      <div className={className} data-part="profile">
        {head}
        <Skeleton />
      </div>
    );
  const changeButton = (
    <Button size="small" onClick={() => setChanging(true)}>
      {texts.changeEmail}
    </Button>
  );
  return (
    <div className={className} data-part="profile">
      {head}
      {notice !== null && (
        <Note kind="ok" role="status">
          {notice}
        </Note>
      )}
      <Panel title={texts.title} isTitleHidden>
        <Form className="panel-form stack-20" key={viewer.id} submit={save}>
          <Field
            name="displayName"
            label={messages.ui.displayName}
            hint={texts.nameHint}
            autoComplete="name"
            maxLength={100}
            defaultValue={viewer.displayName ?? ''}
          />
          <Select name="locale" label={texts.language} defaultValue={knownLocale(viewer.locale, texts)}>
            <option value="">{texts.languageDefault}</option>
            {Object.entries(texts.languages).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </Select>
          <div>
            <SubmitButton>{texts.save}</SubmitButton>
          </div>
        </Form>
      </Panel>
      <Panel title={texts.emailTitle} isTitleHidden>
        <ul className="rows">
          <Row icon={Mail} title={<bdi>{viewer.email}</bdi>} actions={changeButton}>
            {texts.emailSub}
          </Row>
        </ul>
      </Panel>
      {isChanging && <EmailDialog texts={texts} change={change} onClose={() => setChanging(false)} />}
    </div>
  );
}

/** The stored tag may be of a region, for example `de-AT`. */
function knownLocale(locale: string | null, { languages }: Texts): string {
  const code = locale?.split('-')[0]?.toLowerCase() ?? '';
  return code in languages ? code : '';
}

interface EmailDialogProps {
  texts: Texts;
  change: (newEmail: string) => Promise<void>;
  onClose: () => void;
}

function EmailDialog({ texts, change, onClose }: EmailDialogProps) {
  const { messages } = useLanguage();
  return (
    <Dialog
      part="change-email"
      title={texts.changeTitle}
      lead={texts.changeLead}
      onClose={onClose}
      submit={(values) => change(values.text('newEmail').trim())}
      footer={
        <>
          <Button onClick={onClose}>{messages.ui.cancel}</Button>
          <SubmitButton>{texts.sendLink}</SubmitButton>
        </>
      }
    >
      <Field name="newEmail" label={texts.newEmail} type="email" inputMode="email" autoComplete="email" required />
    </Dialog>
  );
}
