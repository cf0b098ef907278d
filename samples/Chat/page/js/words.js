// What the page says, in two languages. Codes of errors come from the server.

const words = {
  en: {
    language: 'Language', signIn: 'Sign in', signOut: 'Sign out', signOutHint: 'On all your devices', register: 'Create an account', name: 'Name', password: 'Password',
    passwordHint: 'At least 8 characters.', noAccount: 'No account yet? Create one', haveAccount: 'Have an account? Sign in',
    guest: 'Just looking in?', guestHint: 'In the anonymous chat you need no account, and nobody knows who you are.', goAnonymous: 'Enter as a guest',
    conversations: 'Conversations', everyone: 'Everyone', anonymous: 'Anonymous', rooms: 'Rooms', private: 'Private', newRoom: 'New room', back: 'Back to the list',
    noRooms: 'No rooms yet. Make the first one.', noPeople: 'Find somebody to write to.', find: 'Find a user', found: 'Found', nobody: 'Nobody of that name',
    online: '{0} online', ownedBy: 'by {0}', outside: 'not joined', joinHint: 'Join the room to read and write.', join: 'Join', leave: 'Leave', rename: 'Rename', close: 'Close room',
    anonymousHint: 'Here you are {0}. Nobody sees your name.', everyoneHint: 'All who are signed in', privateHint: 'Only the two of you', isOnline: 'online', isOffline: 'offline',
    older: 'Show older messages', empty: 'Nothing here yet. Say something.', messageTo: 'Message', send: 'Send', attach: 'Send a picture or a file',
    connecting: 'Connecting…', connected: 'Connected', reconnecting: 'Reconnecting…', noScript: 'The client script is missing: start with ./demo', servedBy: 'Served by {0}',
    sending: 'Sending…', waiting: 'Waits for the connection', sent: 'Sent', delivered: 'Delivered', read: 'Read', notSent: 'Not sent: {0}', again: 'Send again', drop: 'Delete',
    typing: '{0} is typing…', unread: '{0} unread', entered: '{0} has entered the room.', left: '{0} has left the room.',
    roomName: 'Name of the room', create: 'Create', save: 'Save', cancel: 'Cancel', closeSure: 'Close “{0}”? Everybody is thrown out, and its messages are deleted.',
    closed: 'The room “{0}” was closed by {1}.', you: 'You', choose: 'Choose a conversation.',
    errors: {
      'bad name': 'That name will not do. Users: 2 to 24 letters, digits, “_”, “-” or “.”', 'bad password': 'The password needs 8 to 128 characters.',
      'name taken': 'That name is taken.', 'wrong name or password': 'Wrong name or password.', 'too many attempts': 'Too many attempts. Wait a minute.',
      'bad token': 'The page was too old. Try again.', empty: 'There is nothing in it.', 'too long': 'That is too long.', 'too large': 'Files may have 1 MB.', 'storage full': 'You have no more room for files.',
      'type not allowed': 'Pictures, PDF, ZIP and text only.', 'no such user': 'That user is not there.', 'no such room': 'The room is gone.',
      'too many rooms': 'You have too many rooms.', 'not a member': 'You are not in that room.', 'not the owner': 'Only the owner can do that.',
      'rate limited': 'Too fast. Wait a moment.', failed: 'The server could not do it.', offline: 'No connection.',
    },
  },
  zh: {
    language: '语言', signIn: '登录', signOut: '退出登录', signOutHint: '在你的所有设备上', register: '注册账号', name: '用户名', password: '密码',
    passwordHint: '至少 8 个字符。', noAccount: '还没有账号？注册一个', haveAccount: '已有账号？登录',
    guest: '只是看看？', guestHint: '匿名聊天不需要账号，也没有人知道你是谁。', goAnonymous: '以游客身份进入',
    conversations: '会话', everyone: '全局聊天', anonymous: '匿名聊天', rooms: '聊天室', private: '私聊', newRoom: '新建聊天室', back: '返回列表',
    noRooms: '还没有聊天室，来建第一个吧。', noPeople: '找个人聊聊吧。', find: '查找用户', found: '查找结果', nobody: '没有这个用户',
    online: '{0} 人在线', ownedBy: '创建者：{0}', outside: '未加入', joinHint: '加入聊天室后才能查看和发言。', join: '加入', leave: '离开', rename: '重命名', close: '关闭聊天室',
    anonymousHint: '你在这里是 {0}，没有人看到你的名字。', everyoneHint: '所有已登录的用户', privateHint: '只有你们两人', isOnline: '在线', isOffline: '离线',
    older: '查看更早的消息', empty: '还没有消息，说点什么吧。', messageTo: '消息', send: '发送', attach: '发送图片或文件',
    connecting: '正在连接…', connected: '已连接', reconnecting: '正在重新连接…', noScript: '缺少客户端脚本：请用 ./demo 启动', servedBy: '服务节点 {0}',
    sending: '正在发送…', waiting: '等待连接', sent: '已发送', delivered: '已送达', read: '已读', notSent: '未发送：{0}', again: '重新发送', drop: '删除',
    typing: '{0} 正在输入…', unread: '{0} 条未读', entered: '{0} 进入了聊天室。', left: '{0} 离开了聊天室。',
    roomName: '聊天室名称', create: '创建', save: '保存', cancel: '取消', closeSure: '关闭“{0}”？所有人都会被请出，消息也会被删除。',
    closed: '聊天室“{0}”已被 {1} 关闭。', you: '你', choose: '请选择一个会话。',
    errors: {
      'bad name': '名称不可用。用户名：2 到 24 个字母、数字、“_”、“-”或“.”', 'bad password': '密码需要 8 到 128 个字符。',
      'name taken': '名称已被占用。', 'wrong name or password': '用户名或密码错误。', 'too many attempts': '尝试次数过多，请稍等一分钟。',
      'bad token': '页面已过期，请再试一次。', empty: '内容为空。', 'too long': '内容过长。', 'too large': '文件不能超过 1 MB。', 'storage full': '你的文件空间已满。',
      'type not allowed': '只能发送图片、PDF、ZIP 和文本。', 'no such user': '没有这个用户。', 'no such room': '聊天室已不存在。',
      'too many rooms': '你的聊天室太多了。', 'not a member': '你不在这个聊天室里。', 'not the owner': '只有创建者可以这样做。',
      'rate limited': '太快了，请稍等。', failed: '服务器无法完成。', offline: '没有连接。',
    },
  },
};

export const languages = Object.keys(words);

let language = localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
if (!languages.includes(language)) language = 'en';

export const currentLanguage = () => language;

/** The word of a key, with values in the places {0}, {1}. */
export const t = (key, ...values) => words[language][key].replace(/\{(\d)\}/g, (_, i) => values[i]);

export const errorText = code => words[language].errors[code] ?? code;

/** Writes all that stands in the HTML itself; other parts write themselves anew when they hear of it. */
export function setLanguage(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en';
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  document.dispatchEvent(new Event('language'));
}

export function chooseLanguage(chosen) {
  localStorage.setItem('language', chosen);
  setLanguage(chosen);
}

export function timeText(milliseconds) {
  const date = new Date(milliseconds);
  const isToday = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(document.documentElement.lang, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}
