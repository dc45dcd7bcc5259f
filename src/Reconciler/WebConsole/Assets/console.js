// Keeps the page fresh, shows times as people say them, and lets the picture be walked with keys. Every page works without it.
'use strict';

const live = document.getElementById('live');
const address = document.body.dataset.live;
const every = 2000;
const received = new Map(); // the sections as they came, by id
let tag = '';
let answered = new Date();

function age(then, now) {
  const seconds = Math.round((then - now) / 1000);
  const ahead = seconds > 0;
  const amount = Math.abs(seconds);
  const word = amount < 60 ? amount + ' s'
    : amount < 3600 ? Math.floor(amount / 60) + ' min'
    : amount < 172800 ? Math.floor(amount / 3600) + ' h'
    : Math.floor(amount / 86400) + ' days';
  return ahead ? 'in ' + word : word + ' ago';
}

function showTimes() {
  const now = Date.now();
  for (const time of document.querySelectorAll('time:not(.exact)')) {
    time.title = time.dateTime.replace('T', ' ').replace('Z', ' UTC');
    const then = Date.parse(time.dateTime);
    const text = then <= now && time.classList.contains('due') ? 'due now' : age(then, now);
    if (time.textContent !== text) {
      time.textContent = text;
    }
  }
}

// Somebody is writing there: what they wrote is worth more than what is new.
function isBusy(section) {
  const fields = [...section.querySelectorAll('input:not([type=hidden]), select, textarea')];
  return fields.some((f) => f === document.activeElement || (f.type !== 'hidden' && f.value !== (f.defaultValue ?? f.value)));
}

function keepOpen(from, to) {
  for (const details of from.querySelectorAll('details[open][id]')) {
    to.querySelector('#' + CSS.escape(details.id))?.setAttribute('open', '');
  }
}

// The place of the focus, so that a link that is written anew is found again by where it leads.
function focusIn(section) {
  const element = document.activeElement;
  if (!section.contains(element)) {
    return () => {};
  }
  const name = element.id ? '#' + CSS.escape(element.id)
    : element.getAttribute('href') ? 'a[href="' + CSS.escape(element.getAttribute('href')) + '"]' : '';
  return () => name && live.querySelector(name)?.focus({ preventScroll: true });
}

function merge(html) {
  const fresh = new DOMParser().parseFromString(html, 'text/html').body;
  const ids = new Set();
  let before = null;
  const names = (root) => [...root.querySelectorAll('section[id]')].map((s) => s.id).join();
  if (names(fresh) !== names(live) && ![...live.querySelectorAll('section')].some(isBusy)) {
    const refocus = focusIn(live);
    remember(fresh);
    live.replaceChildren(...fresh.childNodes);
    refocus();
    shown();
    return;
  }
  for (const section of fresh.querySelectorAll('section[id]')) {
    ids.add(section.id);
    const text = section.outerHTML;
    const old = live.querySelector('#' + CSS.escape(section.id));
    if (old && (received.get(section.id) === text || isBusy(old))) {
      before = old;
      continue;
    }
    received.set(section.id, text);
    const refocus = old ? focusIn(old) : () => {};
    if (old) {
      keepOpen(old, section);
      const scrolled = [...old.querySelectorAll('.scroll')].map((s) => s.scrollTop);
      old.replaceWith(section);
      section.querySelectorAll('.scroll').forEach((s, i) => { s.scrollTop = scrolled[i] ?? 0; });
    } else if (before) {
      before.after(section);
    } else {
      live.prepend(section);
    }
    before = section;
    refocus();
  }
  for (const section of live.querySelectorAll('section[id]')) {
    if (!ids.has(section.id)) {
      section.remove();
      received.delete(section.id);
    }
  }
  shown();
}

function remember(root) {
  received.clear();
  root.querySelectorAll('section[id]').forEach((section) => received.set(section.id, section.outerHTML));
}

function shown() {
  announce();
  showTimes();
  walkPicture();
}

function announce() {
  const head = live.querySelector('[data-title]');
  if (!head) {
    return;
  }
  document.title = head.dataset.title;
  const line = head.querySelector('h1').textContent;
  const said = document.getElementById('announce');
  if (said.dataset.last && said.dataset.last !== line) {
    said.textContent = line;
  }
  said.dataset.last = line;
}

async function refresh() {
  if (document.hidden) {
    return;
  }
  const lost = document.getElementById('lost');
  try {
    const answer = await fetch(address, { headers: tag ? { 'If-None-Match': tag } : {}, cache: 'no-store' });
    if (answer.status !== 304) {
      const html = await answer.text();
      tag = answer.headers.get('ETag') ?? '';
      merge(html);
    }
    answered = new Date();
    lost.hidden = true;
  } catch {
    lost.querySelector('span').textContent = answered.toTimeString().slice(0, 8);
    lost.hidden = false;
  }
}

async function keepFresh() {
  await refresh();
  setTimeout(keepFresh, every);
}

let place = -1;

function walkPicture() {
  const picture = document.getElementById('picture');
  if (!picture || picture.dataset.walked) {
    return;
  }
  picture.dataset.walked = 'yes';
  const columns = Number(picture.dataset.columns);
  const count = Number(picture.dataset.count);
  const svg = picture.querySelector('svg');
  const cursor = picture.querySelector('#cursor');
  if (count === 0) {
    return;
  }
  picture.tabIndex = 0;
  picture.setAttribute('role', 'group');
  picture.setAttribute('aria-label', 'One cell per user. Arrow keys walk, Enter opens the user.');

  const at = (index) => '/cells/' + picture.dataset.roster + '/' + index;
  const point = (index) => {
    if (index === place && cursor.getAttribute('visibility') === 'visible') {
      return;
    }
    place = index;
    cursor.setAttribute('x', (index % columns) * 10);
    cursor.setAttribute('y', Math.floor(index / columns) * 10);
    cursor.setAttribute('visibility', 'visible');
    clearTimeout(picture.asking);
    picture.asking = setTimeout(async () => {
      const answer = await fetch(at(index) + '?say');
      if (place === index) {
        document.getElementById('pointed').textContent = answer.ok ? await answer.text() : '';
      }
    }, 120);
  };
  const under = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    const column = Math.floor(((event.clientX - box.left) * scale) / 10);
    const row = Math.floor(((event.clientY - box.top) * scale) / 10);
    const index = row * columns + column;
    return column >= 0 && column < columns && row >= 0 && index < count ? index : -1;
  };

  svg.addEventListener('pointermove', (event) => {
    const index = under(event);
    if (index >= 0) {
      point(index);
    }
  });
  svg.addEventListener('click', (event) => {
    const index = under(event);
    if (index >= 0) {
      location.href = at(index);
    }
  });
  picture.addEventListener('focus', () => point(Math.max(0, Math.min(place, count - 1))));
  picture.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -count, End: count }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      point(Math.max(0, Math.min(count - 1, place + step)));
    } else if (event.key === 'Enter' && place >= 0) {
      location.href = at(place);
    }
  });
}

remember(live);
showTimes();
setInterval(showTimes, 1000);
walkPicture();
if (address) {
  announce();
  setTimeout(keepFresh, every);
  document.addEventListener('visibilitychange', refresh);
}
