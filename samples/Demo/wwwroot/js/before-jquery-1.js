// jQuery 1 looks for "onfocusin" in window. Where it is missing, jQuery tries an inline handler, which the page's Content-Security-Policy
// refuses and the console reports. Browsers have the event itself, so jQuery may use it.
window.onfocusin = null;
