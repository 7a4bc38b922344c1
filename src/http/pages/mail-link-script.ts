/**
 * The script of a mail-link page. It takes the token out of the address bar, sends the page's mutation when the form is
 * submitted, and shows the result. It writes text only, never HTML.
 */
export const mailLinkScript = `
const form = document.querySelector('form');
const settings = JSON.parse(form.dataset.settings);
const endpoint = location.pathname.replace(/\\/[^/]*\\/?$/, '/graphql');
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const button = form.querySelector('button');
const password = form.querySelector('input');
const problem = document.getElementById('problem');
const done = document.getElementById('done');
history.replaceState(null, '', location.pathname);

async function send(query, variables) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    credentials: 'omit',
  });
  return response.json();
}

function sentencesFor({ message, extensions }) {
  if (extensions.code === 'INVALID_TOKEN') return ['This link has expired or was used before. Request a new one.'];
  if (extensions.retryAfter) return ['Too many requests. Try again in ' + extensions.retryAfter + ' seconds.'];
  return (extensions.fields ?? [{ message }]).map((field) => field.message);
}

function showProblem(sentences) {
  problem.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement('p');
    line.textContent = sentence;
    return line;
  }));
  problem.hidden = false;
  problem.focus();
}

function showDone() {
  form.hidden = true;
  done.textContent = settings.done;
  done.hidden = false;
  done.focus();
}

async function submit(event) {
  event.preventDefault();
  if (button.ariaBusy === 'true') return;
  button.ariaBusy = 'true';
  problem.hidden = true;
  try {
    const input = password ? { token, newPassword: password.value } : { token };
    const { errors } = await send(settings.mutation, { input });
    if (errors) showProblem(sentencesFor(errors[0]));
    else showDone();
  } catch {
    showProblem(['The server cannot be reached. Try again.']);
  }
  button.ariaBusy = 'false';
}

const classNames = { LOWERCASE: 'a lower-case letter', UPPERCASE: 'an upper-case letter', DIGIT: 'a digit', SPECIAL: 'a special character' };

async function showRules() {
  const { data } = await send(settings.passwordPolicy);
  const { minLength, requiredClasses } = data.passwordPolicy;
  const classes = new Intl.ListFormat('en').format(requiredClasses.map((name) => classNames[name] ?? name));
  document.getElementById('rules').textContent =
    'At least ' + minLength + ' characters' + (classes ? ', with ' + classes + '.' : '.');
}

if (token === null) {
  form.hidden = true;
  showProblem(['The link is incomplete. Open the link in the mail again.']);
} else {
  form.addEventListener('submit', submit);
  if (settings.passwordPolicy) showRules().catch(() => undefined);
}
`;
