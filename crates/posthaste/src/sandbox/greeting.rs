//! What the sandbox says when it is ready: how to send the first message.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

/// Prints it. A closed stdout is no reason not to run.
pub(super) fn print(address: SocketAddr, env_file: &Path) {
    let env = env_file.display();
    let text = format!(
        r#"Posthaste sandbox on http://{address}

The console, with a phone to write from: http://{address}/console/

The first message, in another terminal:

  . {env}
  # a customer writes to your account
  curl -s $POSTHASTE_URL/sim/people/$PERSON_USERNAME/send -d '{{"to":"'$IG_USERNAME'","text":"hi"}}'
  # you answer, as you would on graph.instagram.com
  curl -s $POSTHASTE_URL/v25.0/me/messages -H "Authorization: Bearer $IG_ACCESS_TOKEN" \
       -H 'Content-Type: application/json' -d '{{"recipient":{{"id":"'$IGSID'"}},"message":{{"text":"Hello!"}}}}'
  # what the customer sees
  curl -s $POSTHASTE_URL/sim/people/$PERSON_USERNAME/inbox

Webhooks to your own code:

  curl -s "$POSTHASTE_URL/$INSTAGRAM_APP_ID/subscriptions" -d access_token="$APP_ACCESS_TOKEN" \
       -d object=instagram -d callback_url=http://127.0.0.1:3000/webhook -d verify_token=$VERIFY_TOKEN

Everything that exists, with tokens: $POSTHASTE_URL/sim/world     Stop: Ctrl-C
"#
    );
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
