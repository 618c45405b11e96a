// The part of the Facebook SDK for JavaScript that logins need: FB.init, FB.login, FB.logout, FB.getLoginStatus,
// FB.getAuthResponse, FB.getUserID, FB.getAccessToken, FB.api, FB.Event. Written for the Posthaste sandbox.
(function () {
  'use strict';
  if (window.FB) return;

  var script = document.currentScript;
  var source = new URL(script ? script.src : location.href, location.href);
  // Loaded under Meta's name, the other hosts are Meta's too; else everything is where the script came from.
  var isMeta = source.hostname === 'connect.facebook.net';
  // Under another name of this machine the page would be another site, and its requests would go without the cookie.
  var local = /^(localhost|127\.0\.0\.1)$/;
  var own = local.test(source.hostname) && local.test(location.hostname)
    ? source.protocol + '//' + location.hostname + (source.port ? ':' + source.port : '')
    : source.origin;
  var www = isMeta ? 'https://www.facebook.com' : own;
  var graph = isMeta ? 'https://graph.facebook.com' : own;

  var settings = { appId: null, version: null, cookie: false, status: false };
  var session = { status: undefined, authResponse: null };
  var listeners = {};
  var pending = {};
  var count = 0;

  function emit(name, value) {
    (listeners[name] || []).slice().forEach(function (listener) { listener(value); });
  }

  function key() { return 'fbssls_' + settings.appId; }

  // What is known of the user is kept for this tab, as the real SDK does, so that a reload asks nobody.
  function remember() {
    try {
      if (session.authResponse) {
        sessionStorage.setItem(key(), JSON.stringify({ authResponse: session.authResponse, until: session.until }));
      } else {
        sessionStorage.removeItem(key());
      }
    } catch (e) { /* A page without storage asks again. */ }
    if (settings.cookie) {
      var name = 'fbsr_' + settings.appId;
      document.cookie = session.authResponse
        ? name + '=' + session.authResponse.signedRequest + '; path=/; SameSite=Lax'
        : name + '=; path=/; max-age=0';
    }
  }

  function recall() {
    try {
      var kept = JSON.parse(sessionStorage.getItem(key()));
      if (kept && kept.until > Date.now()) return kept;
    } catch (e) { /* As if nothing was kept. */ }
    return null;
  }

  function set(status, authResponse) {
    var before = session;
    session = { status: status, authResponse: authResponse || null };
    if (authResponse) session.until = Date.now() + Number(authResponse.expiresIn) * 1000;
    remember();
    var token = function (of) { return of.authResponse && of.authResponse.accessToken; };
    var told = answer();
    if (status === 'connected' && before.status !== 'connected') emit('auth.login', told);
    if (status !== 'connected' && before.status === 'connected') emit('auth.logout', told);
    if (before.status !== status) emit('auth.statusChange', told);
    if (token(before) !== token(session)) emit('auth.authResponseChange', told);
  }

  function answer() {
    return { authResponse: session.authResponse, status: session.status || 'unknown' };
  }

  function call(callback, value) {
    if (typeof callback === 'function') callback(value);
  }

  function ready(what) {
    if (settings.appId) return true;
    console.error(what + ' called before FB.init().');
    return false;
  }

  function init(options) {
    options = options || {};
    settings = {
      appId: options.appId === undefined ? settings.appId : String(options.appId),
      version: options.version || settings.version,
      cookie: !!options.cookie,
      status: !!options.status
    };
    if (!settings.version) console.error('init not called with valid version');
    var kept = settings.appId && recall();
    if (kept) {
      session = { status: 'connected', authResponse: kept.authResponse, until: kept.until };
    }
    if (settings.status) getLoginStatus();
  }

  function getLoginStatus(callback, again) {
    if (!ready('FB.getLoginStatus()')) return;
    var isFresh = session.status !== undefined && (!session.until || session.until > Date.now());
    if (isFresh && !again) {
      call(callback, answer());
      return;
    }
    fetch(www + '/x/oauth/status?client_id=' + encodeURIComponent(settings.appId), { credentials: 'include' })
      .then(function (response) {
        if (!response.ok) throw new Error('status ' + response.status);
        return response.json();
      })
      .then(function (told) { set(told.status, told.authResponse); },
        function () { set('unknown', null); })
      .then(function () { call(callback, answer()); });
  }

  function login(callback, options) {
    if (!ready('FB.login()')) return;
    options = options || {};
    var cb = 'f' + (++count) + Math.random().toString(16).slice(2);
    var page = www + '/x/connect/xd_arbiter?cb=' + cb + '&origin=' + encodeURIComponent(location.origin);
    var query = new URLSearchParams();
    var own = ['scope', 'return_scopes', 'response_type', 'override_default_response_type', 'redirect_uri', 'display'];
    Object.keys(options).forEach(function (name) {
      if (own.indexOf(name) < 0) {
        var value = options[name];
        query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
      }
    });
    query.set('client_id', settings.appId);
    query.set('display', 'popup');
    query.set('redirect_uri', page);
    var type = options.override_default_response_type && options.response_type;
    query.set('response_type', type || 'token,signed_request,graph_domain');
    if (options.scope) query.set('scope', options.scope);
    if (options.return_scopes) query.set('return_scopes', 'true');
    var version = settings.version ? '/' + settings.version : '';
    var popup = window.open(www + version + '/dialog/oauth?' + query, cb, 'width=600,height=700');
    if (!popup) {
      console.error('FB.login() was blocked: it must be called while the user clicks.');
      call(callback, answer());
      return;
    }
    var watch = setInterval(function () {
      // The message of a window that ended well may still be on its way when the window is gone.
      if (popup.closed) { clearInterval(watch); setTimeout(function () { finish(null); }, 300); }
    }, 200);
    function finish(told) {
      if (!pending[cb]) return;
      delete pending[cb];
      clearInterval(watch);
      if (told && told.access_token) {
        var response = {
          accessToken: told.access_token,
          userID: told.user_id,
          expiresIn: Number(told.expires_in),
          signedRequest: told.signed_request,
          graphDomain: told.graph_domain,
          data_access_expiration_time: Number(told.data_access_expiration_time)
        };
        if (told.granted_scopes !== undefined) response.grantedScopes = told.granted_scopes;
        if (told.code) response.code = told.code;
        set('connected', response);
        call(callback, answer());
      } else if (told && told.code) {
        call(callback, { authResponse: { code: told.code, userID: null, expiresIn: null }, status: 'connected' });
      } else {
        if (session.status === undefined) set('unknown', null);
        call(callback, { authResponse: null, status: session.status });
      }
    }
    pending[cb] = finish;
  }

  window.addEventListener('message', function (event) {
    var told = event.data;
    if (event.origin !== www || !told || told.posthaste !== 'login') return;
    if (Object.prototype.hasOwnProperty.call(pending, told.cb)) pending[told.cb](told.answer);
  });

  function logout(callback) {
    if (!ready('FB.logout()')) return;
    if (!session.authResponse) {
      console.error('FB.logout() called without an access token.');
      call(callback, answer());
      return;
    }
    fetch(www + '/x/oauth/logout', {
      method: 'POST',
      credentials: 'include',
      body: new URLSearchParams({ access_token: session.authResponse.accessToken })
    }).catch(function () { /* The token expires by itself. */ }).then(function () {
      set('unknown', null);
      call(callback, answer());
    });
  }

  // FB.api(path, [method], [params], [callback]); the three may come in any order.
  function api(path) {
    var method = 'get', params = {}, callback;
    Array.prototype.slice.call(arguments, 1).forEach(function (argument) {
      if (typeof argument === 'string') method = argument.toLowerCase();
      else if (typeof argument === 'function') callback = argument;
      else if (argument) params = argument;
    });
    var body = new URLSearchParams();
    Object.keys(params).forEach(function (name) {
      var value = params[name];
      if (value === undefined || value === null) return;
      body.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    });
    if (!body.has('access_token') && session.authResponse) body.set('access_token', session.authResponse.accessToken);
    path = path.charAt(0) === '/' ? path : '/' + path;
    if (!/^\/v\d+\.\d+\//.test(path) && settings.version) path = '/' + settings.version + path;
    var url = graph + path, request = { method: method.toUpperCase() };
    if (method === 'post') request.body = body;
    else url += (url.indexOf('?') < 0 ? '?' : '&') + body;
    fetch(url, request)
      .then(function (response) { return response.json(); })
      .catch(function (error) {
        return { error: { message: 'unknown error', type: 'http', status: 0, detail: String(error) } };
      })
      .then(function (told) { call(callback, told); });
  }

  function nothing() { /* Part of the real SDK that has nothing to do here. */ }

  window.FB = {
    init: init,
    login: login,
    logout: logout,
    getLoginStatus: getLoginStatus,
    getAuthResponse: function () { return session.authResponse; },
    getAccessToken: function () { return session.authResponse && session.authResponse.accessToken; },
    getUserID: function () { return session.authResponse && session.authResponse.userID; },
    api: api,
    Event: {
      subscribe: function (name, listener) { (listeners[name] = listeners[name] || []).push(listener); },
      unsubscribe: function (name, listener) {
        listeners[name] = (listeners[name] || []).filter(function (known) { return known !== listener; });
      }
    },
    AppEvents: { logEvent: nothing, logPageView: nothing, activateApp: nothing, EventNames: {}, ParameterNames: {} },
    XFBML: { parse: nothing }
  };

  // `sdk.js#version=…&appId=…` needs no FB.init.
  var hash = new URLSearchParams(source.hash.slice(1));
  if (hash.get('appId')) {
    init({ appId: hash.get('appId'), version: hash.get('version'), cookie: hash.get('cookie') === '1', status: hash.get('status') === '1' });
  }
  if (typeof window.fbAsyncInit === 'function' && !window.fbAsyncInit.hasRun) {
    window.fbAsyncInit.hasRun = true;
    window.fbAsyncInit();
  }
})();
