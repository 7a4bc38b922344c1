/** The English texts of `ExportData`. */
export const english = {
  title: 'Export your data',
  lead: 'One JSON file with all that this service stores about you.',
  submit: 'Export my data',
  fileName: 'my-data.json',
  done: 'The file is in your downloads.',
};
