/** The icon of the pages: a beat on a line. */
export const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
  '<rect width="32" height="32" rx="7" fill="#1a6b3c"/>' +
  '<path d="M4 17h6l3-9 5 17 4-11 2 3h4" fill="none" stroke="#fff" stroke-width="2.5" ' +
  'stroke-linecap="round" stroke-linejoin="round"/></svg>';
