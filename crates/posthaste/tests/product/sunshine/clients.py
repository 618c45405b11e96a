"""Zendesk's official clients, as they are, hold conversations through the gateway of a running sandbox.

Usage: clients.py SETTINGS, where SETTINGS is JSON: `env` (that of the sandbox), `document` (Zendesk's OpenAPI document),
`javascript` (the folder of the JavaScript client). Prints JSON: what is wrong, and what was covered.
"""

import base64
import json
import os
import subprocess
import sys
import urllib.request

import sunshine_conversations_client as S
from contract import Contract
from recorder import Bot, Recorder
from sunshine_conversations_client.exceptions import ApiException

settings = json.loads(sys.argv[1])
env = settings["env"]
contract = Contract(settings["document"])
recorder = Recorder(env["POSTHASTE_URL"])
bot = Bot()
APP = env["SUNCO_APP_ID"]
wrong = []


def client(**credentials):
    return S.ApiClient(S.Configuration(host=recorder.url + "/sc", **credentials))


def sim(path, body):
    request = urllib.request.Request(f"{env['POSTHASTE_URL']}/sim/{path}", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def person(act, body):
    return sim(f"people/{env['PERSON_USERNAME']}/{act}", body)


def expect(condition, what):
    if not condition:
        wrong.append(what)


def refused(status, code, call):
    """The call must be refused."""
    try:
        call()
    except ApiException as error:
        got = (error.status, json.loads(error.body)["errors"][0]["code"])
        expect(got == (status, code), f"expected {status} {code}, got {got}")
    else:
        wrong.append(f"expected {status} {code}, got an answer")


def text(words):
    return S.MessagePost.from_dict({"author": {"type": "business"}, "content": {"type": "text", "text": words}})


def plainly(path, body):
    """What the Python client cannot say: its model of a destination takes none that is given as JSON."""
    word = base64.b64encode(f"{env['SUNCO_KEY_ID']}:{env['SUNCO_SECRET']}".encode()).decode()
    headers = {"authorization": f"Basic {word}", "content-type": "application/json"}
    request = urllib.request.Request(f"{recorder.url}/sc/v2/apps/{APP}/{path}", json.dumps(body).encode(), headers)
    urllib.request.urlopen(request, timeout=30).close()


api = client(username=env["SUNCO_KEY_ID"], password=env["SUNCO_SECRET"])
account = client(username=env["SUNCO_ACCOUNT_KEY_ID"], password=env["SUNCO_ACCOUNT_SECRET"])


def apps():
    apps, keys = S.AppsApi(account), S.AppKeysApi(account)
    made = apps.create_app(S.AppCreateBody(display_name="Second", metadata={"a": 1})).app
    expect(any(one.id == made.id for one in apps.list_apps(page=S.Page(size=25)).apps), "the app is not listed")
    apps.get_app(made.id)
    expect(apps.update_app(made.id, S.AppUpdateBody(display_name="New")).app.display_name == "New", "not renamed")
    key = keys.create_app_key(made.id, S.AppKeyCreateBody(display_name="key")).key
    expect(keys.get_app_key(made.id, key.id).key.secret == key.secret, "the key shows another secret")
    keys.list_app_keys(made.id)
    keys.delete_app_key(made.id, key.id)
    apps.delete_app(made.id)
    refused(404, "app_not_found", lambda: apps.get_app(made.id))
    refused(403, "forbidden", lambda: S.AppsApi(api).list_apps())
    refused(401, "unauthorized", lambda: S.AppsApi(client(username="app_x", password="y")).get_app(APP))


def integrations():
    integrations, webhooks = S.IntegrationsApi(api), S.WebhooksApi(api)
    triggers = [
        "client:add", "client:remove", "client:update", "conversation:create", "conversation:join",
        "conversation:leave", "conversation:remove", "conversation:message", "conversation:message:delivery:channel",
        "conversation:message:delivery:failure", "conversation:message:delivery:user", "conversation:postback",
        "conversation:read", "conversation:referral", "conversation:typing", "switchboard:acceptControl",
        "switchboard:acceptControl:failure", "switchboard:offerControl", "switchboard:offerControl:failure",
        "switchboard:passControl", "switchboard:passControl:failure", "switchboard:releaseControl", "user:merge",
        "user:update", "user:remove",
    ]
    hook = {"target": bot.url, "triggers": triggers, "includeFullUser": True, "includeFullSource": True}
    body = S.Integration.from_dict({"type": "custom", "displayName": "bot", "webhooks": [hook]})
    made = integrations.create_integration(APP, body).integration
    listed = integrations.list_integrations(APP, filter=S.IntegrationListFilter(types="custom,instagram")).integrations
    expect({one.id for one in listed} >= {made.id, env["SUNCO_INTEGRATION_ID"]}, "an integration is not listed")
    shown = integrations.get_integration(APP, env["SUNCO_INTEGRATION_ID"]).integration
    expect(shown.business_username == env["PAGE_IG_USERNAME"], "another account")
    update = S.IntegrationUpdate(S.CustomUpdate(display_name="Bot"))
    integrations.update_integration(APP, made.id, update)
    second = webhooks.create_webhook(APP, made.id, S.WebhookCreateBody(target=bot.url, triggers=["user:merge"])).webhook
    expect(webhooks.get_webhook(APP, made.id, second.id).webhook.secret == second.secret, "another secret")
    webhooks.list_webhooks(APP, made.id)
    webhooks.update_webhook(APP, made.id, second.id, S.WebhookBody(target=bot.url, triggers=["user:remove"]))
    webhooks.delete_webhook(APP, made.id, second.id)
    refused(404, "not_found", lambda: webhooks.get_webhook(APP, made.id, second.id))
    keys = S.CustomIntegrationApiKeysApi(api)
    body = S.IntegrationApiKey(display_name="key")
    key = keys.create_custom_integration_key(APP, made.id, body).key
    spare = keys.create_custom_integration_key(APP, made.id, body).key
    keys.list_custom_integration_keys(APP, made.id)
    keys.get_custom_integration_key(APP, made.id, key.id)
    keys.delete_custom_integration_key(APP, made.id, spare.id)
    temporary = integrations.create_integration(APP, S.Integration.from_dict({"type": "custom", "webhooks": [hook]}))
    integrations.delete_integration(APP, temporary.integration.id)
    return made.id, key


def users(user):
    users, clients, devices = S.UsersApi(api), S.ClientsApi(api), S.DevicesApi(api)
    expect(users.get_user(APP, user).user.profile.given_name == "Ana", "another person")
    body = S.UserUpdateBody.from_dict({"metadata": {"vip": True}})
    expect(users.update_user(APP, user, body).user.metadata == {"vip": True}, "no metadata")
    listed = clients.list_clients(APP, user, page=S.Page(size=10)).clients
    expect(listed[0].external_id == env["PAGE_IGSID"], "another client")
    devices.list_devices(APP, user)
    refused(404, "device_not_found", lambda: devices.get_device(APP, user, "000000000000000000000000"))
    body = S.UserCreateBody.from_dict({"externalId": "me@x/y", "profile": {"givenName": "Jo"}})
    made = users.create_user(APP, body).user
    refused(409, "conflict", lambda: users.create_user(APP, body))
    conversation = S.ConversationCreateBody.from_dict({"type": "personal", "participants": [{"userId": made.id}]})
    S.ConversationsApi(api).create_conversation(APP, conversation)
    bot.hear("conversation:create", lambda payload: payload["user"]["id"] == made.id)
    users.delete_user_personal_information(APP, "me@x/y")
    users.delete_user(APP, made.id)
    bot.hear("user:remove")
    refused(404, "user_not_found", lambda: users.get_user(APP, made.id))


def conversation(api, id, user):
    conversations, messages = S.ConversationsApi(api), S.MessagesApi(api)
    participants, activities = S.ParticipantsApi(api), S.ActivitiesApi(api)
    listed = conversations.list_conversations(APP, S.ConversationListFilter(user_id=user), page=S.Page(size=5))
    expect([one.id for one in listed.conversations] == [id], "another conversation")
    body = S.ConversationUpdateBody.from_dict({"metadata": {"ticket": "7"}})
    expect(conversations.update_conversation(APP, id, body).conversation.metadata == {"ticket": "7"}, "no metadata")
    conversations.get_conversation(APP, id)
    participants.list_participants(APP, id, page=S.Page(size=5))
    refused(400, "bad_request", lambda: conversations.delete_conversation(APP, id))
    link = {"type": "link", "text": "Site", "uri": "https://example.org"}
    item = {"title": "Tacos", "description": "Today", "actions": [link]}
    picture = upload(api, id)
    for content in [
        {"type": "text", "text": "Hi"},
        {"type": "text", "text": "Sure?", "actions": [{"type": "reply", "text": "Yes", "payload": "Y"}]},
        {"type": "text", "text": "Or", "actions": [link, {"type": "postback", "text": "Buy", "payload": "B"}]},
        {"type": "image", "mediaUrl": picture},
        {"type": "file", "mediaUrl": picture},
        {"type": "carousel", "items": [item, item]},
        {"type": "list", "items": [item]},
        {"type": "location", "coordinates": {"lat": 45.5, "long": -73.6}},
    ]:
        post = S.MessagePost.from_dict({"author": {"type": "business"}, "content": content})
        posted = messages.post_message(APP, id, post).messages[0]
        ended(posted.id)
    field = {"type": "text", "name": "n", "label": "Name"}
    form = S.MessagePost.from_dict({"author": {"type": "business"}, "content": {"type": "form", "fields": [field]}})
    posted = messages.post_message(APP, id, form).messages[0]
    bot.hear("conversation:message:delivery:failure", lambda payload: payload["message"]["id"] == posted.id)
    for kind in ["typing:start", "typing:stop", "conversation:read"]:
        activity = S.ActivityPost.from_dict({"author": {"type": "business"}, "type": kind})
        activities.post_activity(APP, id, activity)
    # Who posts it does not hear of it; others do.
    S.ActivitiesApi(account).post_activity(APP, id, activity)
    bot.hear("conversation:read")
    typing = S.ActivityPost.from_dict({"author": {"type": "business"}, "type": "typing:start"})
    S.ActivitiesApi(account).post_activity(APP, id, typing)
    bot.hear("conversation:typing")
    for n in range(100):
        content = {"type": "text", "text": f"silent {n}"}
        silent = {"author": {"type": "business"}, "content": content, "destination": {"integrationType": "none"}}
        plainly(f"conversations/{id}/messages", silent)
    newest = messages.list_messages(APP, id)
    expect(newest.meta.has_more and len(newest.messages) == 100, "the first page")
    older = messages.list_messages(APP, id, page=S.Page(before=newest.meta.before_cursor))
    expect(older.messages[0].content.actual_instance.text == "Hello", "the last page")
    messages.delete_message(APP, id, newest.messages[0].id)
    refused(404, "conversation_not_found", lambda: messages.post_message(APP, "0" * 24, text("x")))


def ended(message):
    """The message has reached the person."""
    for kind in ["channel", "user"]:
        bot.hear(f"conversation:message:delivery:{kind}", lambda payload: payload["message"]["id"] == message)


def upload(api, conversation):
    # A picture of one pixel.
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c6360606060000000050001"
        "a5f645400000000049454e44ae426082"
    )
    attachments = S.AttachmentsApi(api)
    spare = attachments.upload_attachment(APP, "public", ("spare.png", png)).attachment
    attachments.delete_attachment(APP, S.AttachmentDeleteBody(media_url=spare.media_url))
    made = attachments.upload_attachment(APP, "public", ("a.png", png), "message", conversation).attachment
    return made.media_url


def control(id, integration):
    boards, entries, actions = S.SwitchboardsApi(api), S.SwitchboardIntegrationsApi(api), S.SwitchboardActionsApi(api)
    board = boards.create_switchboard(APP).switchboard
    boards.list_switchboards(APP)
    def entry(name):
        body = S.SwitchboardIntegrationCreateBody.from_dict({"name": name, "integrationId": integration})
        return entries.create_switchboard_integration(APP, board.id, body).switchboard_integration
    first, second = entry("bot"), entry("desk")
    body = S.SwitchboardIntegrationUpdateBody.from_dict({"nextSwitchboardIntegrationId": second.id})
    entries.update_switchboard_integration(APP, board.id, first.id, body)
    entries.list_switchboard_integrations(APP, board.id)
    body = S.SwitchboardUpdateBody.from_dict({"enabled": True, "defaultSwitchboardIntegrationId": first.id})
    boards.update_switchboard(APP, board.id, body)
    target = lambda name: {"switchboardIntegration": name, "metadata": {"why": "test"}}
    actions.pass_control(APP, id, S.PassControlBody.from_dict(target("bot")))
    bot.hear("switchboard:passControl")
    actions.pass_control(APP, id, S.PassControlBody.from_dict(target("nobody")))
    bot.hear("switchboard:passControl:failure")
    actions.offer_control(APP, id, S.OfferControlBody.from_dict(target("bot")))
    bot.hear("switchboard:offerControl:failure")
    actions.offer_control(APP, id, S.OfferControlBody.from_dict(target("next")))
    bot.hear("switchboard:offerControl")
    actions.accept_control(APP, id, S.AcceptControlBody())
    bot.hear("switchboard:acceptControl")
    actions.accept_control(APP, id, S.AcceptControlBody())
    bot.hear("switchboard:acceptControl:failure")
    actions.release_control(APP, id, S.ReleaseControlBody())
    bot.hear("switchboard:releaseControl")
    boards.update_switchboard(APP, board.id, S.SwitchboardUpdateBody.from_dict({"enabled": False}))
    third = entry("spare")
    entries.delete_switchboard_integration(APP, board.id, third.id)
    boards.delete_switchboard(APP, board.id)


def javascript(id, user, key):
    """The other client, on the same conversation."""
    told = {
        "base": recorder.url + "/sc", "app": APP, "conversation": id, "user": user, "key": key.id, "secret": key.secret,
        "package": os.path.join(settings["javascript"], "node_modules/sunshine-conversations-client"),
    }
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "client.js")
    ran = subprocess.run(["node", script, json.dumps(told)], capture_output=True, text=True, timeout=120)
    expect(ran.returncode == 0, f"the JavaScript client: {ran.stderr or ran.stdout}")
    ended(bot.hear("conversation:message", lambda p: p["message"]["content"].get("text") == "From JavaScript")
          ["payload"]["message"]["id"])


def models():
    """Each webhook is what the client's own models read."""
    names = {
        "conversation:message": "ConversationMessageEvent", "conversation:create": "ConversationCreateEvent",
        "conversation:read": "ConversationReadEvent", "conversation:postback": "ConversationPostbackEvent",
        "conversation:referral": "ConversationReferralEvent", "conversation:typing": "ConversationTypingEvent",
        "conversation:message:delivery:channel": "ConversationMessageDeliveryChannelEvent",
        "conversation:message:delivery:user": "ConversationMessageDeliveryUserEvent",
        "conversation:message:delivery:failure": "ConversationMessageDeliveryFailureEvent",
        "user:remove": "UserRemoveEvent", "client:remove": "ClientRemoveEvent",
    }
    for key, body in bot.bodies:
        expect(key and len(key) == 32, "no X-API-Key")
        for event in body["events"]:
            model = getattr(S, names.get(event["type"], ""), None)
            if model is not None:
                try:
                    model.from_dict(event)
                except Exception as error:  # whatever its validation raises
                    wrong.append(f"{event['type']} is not read: {error}")


def run():
    apps()
    integration, key = integrations()
    person("send", {"to": env["PAGE_IG_USERNAME"], "text": "Hello"})
    heard = bot.hear("conversation:create")["payload"]
    id, user = heard["conversation"]["id"], heard["user"]["id"]
    bot.hear("conversation:message")
    users(user)
    own = client(username=key.id, password=key.secret)
    conversation(own, id, user)
    inbox = json.load(urllib.request.urlopen(f"{env['POSTHASTE_URL']}/sim/people/{env['PERSON_USERNAME']}/inbox"))
    with_page = next(one for one in inbox["conversations"] if one["with"] == env["PAGE_IG_USERNAME"])
    buttons = next(m for m in with_page["messages"] if m.get("attachments") and "Buy" in json.dumps(m))
    person("tap", {"mid": buttons["mid"], "button": 1})
    bot.hear("conversation:postback")
    person("tap", {"to": env["PAGE_IG_USERNAME"], "ref": "spring"})
    bot.hear("conversation:referral")
    person("seen", {"to": env["PAGE_IG_USERNAME"]})
    bot.hear("conversation:read")
    control(id, integration)
    javascript(id, user, key)
    S.MessagesApi(api).delete_all_messages(APP, id)
    clients = S.ClientsApi(api)
    clients.remove_client(APP, user, clients.list_clients(APP, user).clients[0].id)
    bot.hear("client:remove")


# The check itself can fail.
expect(contract.answer("GET", f"/v2/apps/{APP}", 200, {"app": {"id": 7}}), "the check of answers finds nothing")
expect(contract.event({"type": "user:remove", "payload": {"user": {"id": 7}}}), "the check of events finds nothing")
try:
    run()
except Exception as error:  # told with everything that was found so far
    import traceback

    wrong.append(traceback.format_exc())
models()
operations = set()
for method, path, status, body in recorder.answers:
    wrong += contract.answer(method, path, status, body)
    found = contract.operation(method, path)
    if found and status < 300:
        operations.add(found["operationId"])
events = {event["type"] for _, body in bot.bodies for event in body["events"]}
for _, body in bot.bodies:
    expect(set(body) == {"app", "webhook", "events"} and body["webhook"]["version"] == "v2", f"the envelope {set(body)}")
    for event in body["events"]:
        wrong += contract.event(event)
print(json.dumps({
    "wrong": sorted(set(wrong)), "operations": sorted(operations), "events": sorted(events),
    "answers": len(recorder.answers), "webhooks": len(bot.bodies),
    "document": sorted(one[3]["operationId"] for one in contract.operations),
}))
