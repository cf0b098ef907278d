// On a phone, what is of less use stands folded up below; the same width as in the style sheet.
export const isDesk = matchMedia('(min-width: 56rem)').matches;
