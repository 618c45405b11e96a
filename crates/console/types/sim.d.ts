// What the sim answers, as far as the console uses it (docs/sandbox.md).

type Json = any;

interface World {
  clock: { now: string; offset_ms: number };
  settings: Record<string, Json>;
  apps: App[];
  accounts: Account[];
  people: Person[];
  users: { id: string; name: string }[];
  grants: Grant[];
  tokens: Token[];
  conversations: ConversationState[];
}

interface Callback {
  login: "instagram" | "facebook";
  product_id: string;
  endpoint: string;
  callback_url: string;
  fields: string[];
}

interface App {
  id: string;
  name: string;
  secret: string;
  instagram_app_id: string;
  instagram_app_secret: string;
  app_access_token: string;
  mode: "live" | "development";
  access: "advanced" | "standard";
  human_agent: boolean;
  require_appsecret_proof: boolean;
  deauthorize_callback: string | null;
  data_deletion_callback: string | null;
  redirect_uris: string[];
  roles: { user: string; role: string; accepted: boolean }[];
  verify_token: string;
  callbacks: Callback[];
}

interface Media {
  id: string;
  media_product_type: "FEED" | "REELS" | "STORY";
  media_type: string;
  caption: string;
  url: string;
  timestamp: string;
}

interface Account {
  id: string;
  username: string;
  name: string;
  kind: "business" | "creator";
  message_access: boolean;
  eligible: boolean;
  followers_count: number;
  automated: boolean;
  page_id: string | null;
  tokens: Record<string, Json>;
  subscribed_apps: { app_id: string; login: "instagram" | "facebook"; fields: string[] }[];
  media: Media[];
  stories: Media[];
  ice_breakers: Localized[];
  persistent_menu: Localized[];
  welcome_message_flows: FlowState[];
  ads: Ad[];
}

interface Localized {
  locale: string;
  call_to_actions: Json[];
}

interface FlowState {
  id: string;
  name: string;
  app_id: string;
  is_used_in_ad: boolean;
}

interface Ad {
  id: string;
  name: string;
  status: "ACTIVE" | "PAUSED" | "ARCHIVED" | "DELETED";
  flow: string | null;
  title: string;
  photo_url: string | null;
  video_url: string | null;
  ref: string | null;
}

interface Person {
  username: string;
  name: string;
  picture: string | null;
  locale: string;
  private: boolean;
  verified: boolean;
  follower_count: number;
  follows: string[];
  followed_by: string[];
  igsids: Record<string, string>;
}

interface Token {
  access_token: string;
  kind: string;
  app_id: string;
  subject_id: string;
  scopes: string[];
  issued_at: string;
  expires_at: string | null;
  ended: "app_removed" | "logged_out" | null;
}

interface Grant {
  app_id: string;
  granted: string[];
  declined: string[];
  granted_at: string;
  account?: string;
  user?: string;
}

interface ConversationState {
  id: string;
  account: string | null;
  person: string | null;
  igsid: string;
  folder: "primary" | "general" | "requests";
  updated_time: string;
  window_until: string | null;
  blocked: boolean;
}

interface Attachment {
  type: string;
  url?: string;
  payload?: Json;
}

interface QuickReply {
  content_type: string;
  title?: string;
  payload?: string;
}

interface Message {
  mid: string;
  from: string;
  sent_by?: "app" | "owner";
  timestamp: string;
  text?: string;
  attachments: Attachment[];
  quick_replies?: QuickReply[];
  buttons?: Json[];
  reactions: { from: string; reaction: string; emoji: string }[];
  reply_to?: { mid?: string; story?: string; url?: string };
  is_deleted?: boolean;
  is_unsupported?: boolean;
  edited?: boolean;
  seen?: boolean;
  only_shown?: boolean;
}

interface Conversation {
  id: string;
  with: string;
  folder: string;
  automated?: boolean;
  typing?: boolean;
  ice_breakers?: { question: string; payload: string }[];
  menu?: { type: string; title: string; payload?: string; url?: string }[];
  messages: Message[];
}

/** An entry of the feed. */
interface Entry {
  cursor: string;
  type: string;
  at: string;
  cause?: string;
  [member: string]: Json;
}

/** Everything that followed from one request or act. */
interface Trace {
  id: string;
  at: string;
  order: number;
  /** The request or act that it began with. */
  head: Entry | null;
  /** What changed in conversations. */
  changes: Entry[];
  handshakes: Entry[];
  /** The last that is known of each delivery, by its id. */
  deliveries: Record<string, Entry>;
  suppressed: Entry[];
  /** The names of its webhook events. */
  events: string[];
  /** Grows with each entry. */
  touched: number;
}

interface Attempt {
  at: string;
  number: number;
  url: string;
  headers: Record<string, string>;
  body: string;
  status: number | null;
  response: { headers: Record<string, string>; body: string } | null;
  error: string | null;
  accepted: boolean;
  replay: boolean;
  took_us: number;
  fault?: string | null;
  next_attempt_at: string | null;
}

interface Delivery {
  id: string | null;
  state: "pending" | "delivered" | "retrying" | "dead" | "suppressed" | "dropped";
  endpoint?: string;
  reason: string | null;
  topic: string;
  app_id?: string;
  account_id: string;
  at: string;
  event: Json;
  attempts: Attempt[];
  next_attempt_at?: string | null;
}

interface LoggedRequest {
  id: string;
  at: string;
  method: string;
  path: string;
  query: string | null;
  host: string;
  operation: string | null;
  headers: Record<string, string>;
  body: string;
  status: number;
  error: string | null;
  response: Json;
  took_us: number;
  fault: string | null;
  trace_id: string;
}
