// The dictionary of language.js: what the English text is in Chinese.

export const chinese = {
  // The page for an address that leads nowhere
  'Page not found': '找不到页面',
  'There is nothing at this address. These are the pages of the demo:': '这个地址没有内容。演示的页面如下：',
  'All pages, with the C# that runs them': '所有页面，以及运行它们的 C# 代码',

  // Every page
  'Pages': '页面',
  'Numbers': '数字',
  'Progress': '进度',
  'Echo': '回显',
  'Rooms': '房间',
  'Classic': '经典',
  'Served by': '服务节点',
  'Connection': '连接',
  'Client and transport': '客户端与传输方式',
  'Client': '客户端',
  'Transport': '传输方式',
  'Protocol': '协议',
  'Socket id': 'Socket 标识',
  "{0} (this page's)": '{0}（本页）',
  'polling, then websocket': '先 polling，再 websocket',
  'Connect': '连接',
  'Disconnect': '断开',
  'connecting': '正在连接',
  'connected': '已连接',
  'reconnecting': '正在重新连接',
  'disconnected': '已断开',
  'failed: the client bundle is missing, start with ./demo': '失败：缺少客户端脚本，请用 ./demo 启动',
  'Log': '日志',
  'Message': '消息',
  'Broadcast': '广播',
  'Send': '发送',

  // The index
  'Demo': '演示',
  'One server, every Socket.IO client': '一个服务器，所有 Socket.IO 客户端',
  'One ASP.NET Core program serves all these pages, each with the Socket.IO client it was written for. Beside each stands the C# that runs it.':
    '所有页面都由同一个 ASP.NET Core 程序提供，每一页使用它当初所用的 Socket.IO 客户端。旁边就是运行它的 C# 代码。',
  'Ten random numbers every five seconds, pushed to every open page as text and as a moving chart. One loop on the server serves them all.':
    '服务器每五秒产生十个随机数，以文字和动态图表推送到每个打开的页面。服务器上只用一个循环。',
  'The server works step by step and tells the page how far it is, with a progress bar, a log, and a button that cancels the job. Another handler blocks its thread, and what it has sent still comes at once.':
    '服务器一步一步地工作，并把进展告诉页面：有进度条、日志和取消按钮。另一个处理程序会阻塞自己的线程，但它发出的消息仍然立即到达。',
  'Echo, broadcast, leave': '回显、广播、离开',
  'The server counts what each page sends, and answers it or everybody. Asked to, it says farewell, waits for the page\'s ack, and hangs up.':
    '服务器为每个页面发送的消息计数，并回复该页面或所有人。收到离开的请求后，它先告别，等页面确认，再断开连接。',
  'Unnamed messages and JSON of any shape go to all pages. What is said in a room is heard by its members alone.':
    '无名消息和任意形式的 JSON 会发给所有页面。房间里的消息只有房间成员能收到。',
  'The classic first page of many tutorials. One form is answered to this page alone, the other to every page that is open.':
    '许多教程里的第一个页面。一个表单只回复本页，另一个回复所有打开的页面。',
  'Chat': '聊天',
  'A whole application: accounts, rooms, private messages that wait for who is away, files, and a database behind it all. What a cut connection held up is sent again, and nothing comes twice.':
    '一个完整的应用：账号、房间、为离线用户保留的私信、文件，背后是数据库。连接中断时未送达的消息会重新发送，并且不会重复。',
  'The C# behind it': '背后的 C# 代码',
  'Not to be had: {0}': '无法取得：{0}',
  'Another client, another transport': '换一个客户端，换一种传输方式',
  'To write such a program, read docs/quick-start.md of the repository.': '想编写这样的程序，请阅读仓库中的 docs/quick-start.md。',
  'Each page has a switch for both, and takes them from its address, too:': '每一页都可以切换，也可以写在地址里：',

  // Numbers
  'Live numbers': '实时数字',
  'The server draws ten numbers from 1 to 100 every five seconds and pushes them to every open page. The latest draw comes at once; nothing is asked for twice.':
    '服务器每五秒从 1 到 100 中抽取十个数，推送到每个打开的页面。最近一次的结果连接后立即到达，页面无须反复询问。',
  'Latest draw': '最近一次',
  'Waiting for the server': '正在等待服务器',
  'The latest numbers': '最近的数字',
  'The latest numbers: {0}': '最近的数字：{0}',
  'Average over time': '平均值的变化',
  'Average of each draw': '每次的平均值',
  'Average of each draw: {0}': '每次的平均值：{0}',

  // Progress
  'Progress of a long job': '长任务的进度',
  'A handler on the server works for a while and tells the page how far it is. Each message arrives when it is sent, not when the handler ends.':
    '服务器上的处理程序工作一段时间，并把进展告诉页面。每条消息发出时就到达，而不是等处理程序结束。',
  'Two messages, five seconds apart': '两条消息，相隔五秒',
  'Parameter': '参数',
  'Start': '开始',
  'Start, blocking its thread': '开始并阻塞线程',
  'The second button runs a handler that blocks its thread for the five seconds. The first message must still come at once.':
    '第二个按钮运行的处理程序会在这五秒内阻塞自己的线程。第一条消息仍须立即到达。',
  'Replies': '回复',
  'A job with steps': '分步任务',
  'Steps': '步数',
  'Run the job': '运行任务',
  'Cancel': '取消',
  'Progress of the job': '任务进度',
  'Cancel it or disconnect while it runs, and the server stops the job. Each page has its own.': '运行时取消或断开连接，服务器就会停止任务。每个页面有自己的任务。',
  'Waiting for the first step': '正在等待第一步',
  'Step {0} of {1}: {2}': '第 {0} 步，共 {1} 步：{2}',
  'The server says: done ({0} steps)': '服务器说：完成（{0} 步）',
  'The server says: cancelled ({0} steps are done)': '服务器说：已取消（完成了 {0} 步）',
  'Cancelled: the server stops the job when its client is gone.': '已取消：客户端离开后，服务器会停止任务。',

  // Echo
  'Echo, broadcast, leave after an ack': '回显、广播、确认后离开',
  'The server counts what each client sends. On a wish to leave it says farewell, waits until this page has acknowledged it, and then hangs up.':
    '服务器为每个客户端发送的消息计数。收到离开的请求后，它先告别，等本页确认，再断开连接。',
  'Message to myself': '发给自己的消息',
  'Message to every page': '发给所有页面的消息',
  'Leave': '离开',
  'The server disconnects this page after its ack.': '服务器在收到本页的确认后断开连接。',
  'Disconnect me': '请断开我',

  // Rooms
  'Messages, JSON and rooms': '消息、JSON 与房间',
  'What is sent here goes back to all pages on the default namespace. What is sent to a room goes to its members alone: open this page twice and see.':
    '这里发送的内容会回到默认命名空间的所有页面。发到房间的内容只有房间成员能收到：打开两个页面试试。',
  'Everybody sees': '所有人可见',
  'Messages': '消息',
  'Nothing said yet': '还没有消息',
  'Message to all': '发给所有人的消息',
  'Any JSON to all': '发给所有人的任意 JSON',
  'Send JSON': '发送 JSON',
  'Not JSON: {0}': '不是 JSON：{0}',
  'In no room yet': '还没有加入房间',
  'In: {0}': '已加入：{0}',
  'Your name': '你的名字',
  'Room': '房间',
  'Join': '加入',
  'Message to this room': '发给该房间的消息',
  'Send to room': '发到房间',

  // Classic
  'Two forms': '两个表单',
  'The classic page: the first form is answered to this page alone, the second to every page that is open. Try it with two browsers.':
    '经典页面：第一个表单只回复本页，第二个回复所有打开的页面。用两个浏览器试试。',
};
