// Hands the outcome of a login, which stands behind the `#`, to the window that opened this one: only if that is a page of
// the origin that the dialog has checked.
(function () {
  'use strict';
  var body = document.body;
  var origin = body.getAttribute('data-origin');
  var message = { posthaste: 'login', cb: body.getAttribute('data-cb'), answer: {} };
  new URLSearchParams(location.hash.slice(1)).forEach(function (value, name) {
    message.answer[name] = value;
  });
  history.replaceState(null, '', location.pathname + location.search);
  if (window.opener && origin) {
    window.opener.postMessage(message, origin);
    window.close();
  }
})();
