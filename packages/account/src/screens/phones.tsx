/** The phones on the page of the security settings. A file of its own: few operators send text messages. */
export { Phones as default } from '@postern/react/forms';
