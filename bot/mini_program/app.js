// Nothing is kept here: a page that a code or a message opens must do without a first page.
App({});
