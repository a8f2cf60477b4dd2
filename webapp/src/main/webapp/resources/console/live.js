// SPDX-License-Identifier: Apache-2.0
// Keeps a page as the gateway is, by changing single cells. A part whose mark differs is asked for
// again, that part alone. Watcher.java describes the messages.
(() => {
  'use strict';
  const live = document.getElementById('live');
  const stale = document.getElementById('stale');
  const bar = document.getElementById('commit-bar');
  const text = live.dataset;
  const units = text.units.split(' ');
  const SILENCE = 25000; // the console speaks every ten seconds; two missed are too many
  const RETRY = { shortest: 1000, longest: 15000 };

  let clockOffset = Number(text.time) - Date.now(); // the gateway's clock minus the browser's
  let gateway = { live: text.live === 'true', since: Number(text.since) };
  let heard = Date.now();
  let socket = null;
  let everConnected = false;
  let retry = RETRY.shortest;
  const asked = new Map(); // part -> mark for which it was asked

  // ---- cells

  const both = (large, unit, rest, lesser) => `${large} ${unit}${rest ? ` ${rest} ${lesser}` : ''}`;

  function age(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) return `${s} ${units[0]}`;
    if (s < 3600) return both(Math.floor(s / 60), units[1], s % 60, units[0]);
    if (s < 86400) return both(Math.floor(s / 3600), units[2], Math.floor(s / 60) % 60, units[1]);
    return both(Math.floor(s / 86400), units[3], Math.floor(s / 3600) % 24, units[2]);
  }

  function setText(element, value) {
    if (element.textContent !== value) element.textContent = value;
  }

  function setCell(name, cell) {
    for (const element of document.querySelectorAll(`[data-cell="${CSS.escape(name)}"]`)) {
      if (cell.look === 'points' || cell.look === 'value') {
        element.setAttribute(cell.look, cell.text);
      } else {
        if (cell.look || element.dataset.look) element.dataset.look = cell.look || '';
        element.dataset.since = cell.since || 0;
        setText(element.querySelector('.word') || element, cell.text);
      }
    }
  }

  function countOn() {
    const now = (Date.now() + clockOffset) / 1000;
    if (bar.dataset.deadline !== '0') {
      setText(bar.querySelector('[data-countdown]'), age(Number(bar.dataset.deadline) / 1000 - now));
    }
    if (!isLive()) return;
    for (const element of document.querySelectorAll('[data-cell][data-since]')) {
      const since = Number(element.dataset.since);
      if (since > 0) {
        const words = element.dataset.look === 'retrying' ? text.textRetrying : text.textAgo;
        setText(element.querySelector('.word') || element, words.replace('{0}', age(now - since)));
      }
    }
  }

  // ---- live or stale

  const isConnected = () => socket !== null && socket.readyState === WebSocket.OPEN;
  const isLive = () =>
    gateway.live && (isConnected() || !everConnected) && Date.now() - heard < SILENCE;

  function showState() {
    const good = isLive();
    live.classList.toggle('is-live', good);
    live.classList.toggle('is-stale', !good);
    setText(live.querySelector('.word'), good ? text.textLive : text.textStale);
    document.body.classList.toggle('stale', !good);
    if (!good) {
      const lost = !gateway.live;
      const since = lost ? gateway.since - clockOffset : heard;
      const then = new Date(since);
      // A time alone says too little when it was yesterday's; Swedish dates are those of ISO 8601.
      const day = then.toDateString() === new Date().toDateString() ? '' : `${then.toLocaleDateString('sv')} `;
      const clock = day + then.toLocaleTimeString('en-GB');
      setText(
        stale.querySelector('span'),
        `${text.textSince.replace('{0}', clock)} ${lost ? text.textGateway : text.textConsole}`,
      );
    }
    stale.hidden = good;
  }

  // ---- parts of the page

  function compare(marks) {
    const outdated = [];
    for (const part of document.querySelectorAll('[data-part]')) {
      const name = part.dataset.part;
      const mark = marks[name];
      if (mark !== undefined && part.dataset.mark !== mark && asked.get(part.id) !== mark) {
        asked.set(part.id, mark);
        outdated.push(part.id);
      }
    }
    if (outdated.length > 0) window.gatehouse.renew(location.href, outdated);
  }

  // ---- the connection

  // The subjects of all cells and parts on the page.
  function watched() {
    const names = new Set(['']);
    for (const cell of document.querySelectorAll('[data-cell]')) {
      names.add(cell.dataset.cell.slice(0, cell.dataset.cell.lastIndexOf('/')));
    }
    for (const part of document.querySelectorAll('[data-part]')) names.add(part.dataset.part);
    return [...names].join('\n');
  }

  function watch() {
    if (isConnected()) socket.send(watched());
  }

  function receive(event) {
    const message = JSON.parse(event.data);
    heard = Date.now();
    clockOffset = message.time - heard;
    gateway = { live: message.live, since: message.since };
    for (const [name, cell] of Object.entries(message.cells)) setCell(name, cell);
    bar.dataset.deadline = message.commit ? message.commit.deadline : 0;
    compare(message.marks);
    showState();
    countOn();
    document.dispatchEvent(new Event('gatehouse:told'));
  }

  function connect() {
    socket = new WebSocket(`wss://${location.host}/push`);
    socket.addEventListener('open', () => {
      everConnected = true;
      heard = Date.now();
      retry = RETRY.shortest;
      watch();
    });
    socket.addEventListener('message', receive);
    socket.addEventListener('close', () => {
      everConnected = true;
      showState();
      setTimeout(tryAgain, retry);
      retry = Math.min(retry * 2, RETRY.longest);
    });
  }

  // A page whose session has ended can never connect again: it goes to the login page instead.
  async function tryAgain() {
    try {
      const answer = await fetch('/api/v1/account', { method: 'HEAD', cache: 'no-store' });
      if (answer.status === 401) {
        location.reload();
        return;
      }
    } catch {
      // The console is away; the next try will tell.
    }
    connect();
  }

  // After a form was sent the address lacks what the page is about; a renewed part needs it.
  const page = document.querySelector('[data-address]');
  if (page && location.search === '') history.replaceState(null, '', page.dataset.address);

  document.addEventListener('gatehouse:renewed', watch);
  showState();
  countOn();
  connect();
  setInterval(() => {
    countOn();
    showState();
  }, 1000);
})();
