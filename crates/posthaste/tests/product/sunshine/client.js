// The official JavaScript client on a conversation. Usage: client.js SETTINGS (JSON).
const told = JSON.parse(process.argv[2])
const S = require(told.package)
const client = S.ApiClient.instance
client.basePath = told.base
client.authentications.basicAuth.username = told.key
client.authentications.basicAuth.password = told.secret

const must = (condition, what) => {
  if (!condition) throw new Error(what)
}

async function run() {
  const { app, conversation, user } = told
  const conversations = await new S.ConversationsApi().listConversations(app, { userId: user })
  must(conversations.conversations[0].id === conversation, 'another conversation')
  const messages = new S.MessagesApi()
  const page = await messages.listMessages(app, conversation, {})
  must(page.messages.length === 100 && page.meta.hasMore, 'the first page')
  const older = await messages.listMessages(app, conversation, { page: { before: page.meta.beforeCursor } })
  must(older.messages.length > 0, 'the older page')
  const post = new S.MessagePost()
  post.author = { type: 'business' }
  post.content = { type: 'text', text: 'From JavaScript' }
  const posted = await messages.postMessage(app, conversation, post)
  must(posted.messages[0].content.text === 'From JavaScript', 'the posted message')
  const activity = new S.ActivityPost()
  activity.author = { type: 'business' }
  activity.type = 'typing:start'
  await new S.ActivitiesApi().postActivity(app, activity, conversation).catch(() =>
    new S.ActivitiesApi().postActivity(app, conversation, activity))
  const shown = await new S.UsersApi().getUser(app, user)
  must(shown.user.id === user, 'another user')
  await new S.MessagesApi().postMessage(app, '0'.repeat(24), post).then(
    () => must(false, 'it must be refused'),
    (error) => must(error.status === 404 && error.body.errors[0].code === 'conversation_not_found', String(error.status)))
}

run().catch((error) => {
  console.error(error.stack || JSON.stringify(error))
  process.exit(1)
})
