// SPDX-License-Identifier: Apache-2.0
// Keeps the tunnels page as the gateway is, by changing single cells. A tunnel whose mark differs
// (peers, names, findings) is asked for again, that tunnel alone. Push.java describes the messages.
(() => {
  'use strict';
  const live = document.getElementById('live');
  const stale = document.getElementById('stale');
  const text = live.dataset;
  const icons = JSON.parse(text.icons);
  const SILENCE = 25000; // the gateway speaks every ten seconds; two missed are too many
  const RETRY = { shortest: 1000, longest: 15000 };

  let clockOffset = Number(text.time) - Date.now(); // the gateway's clock minus the browser's
  let gateway = { live: text.live === 'true', since: Number(text.since) };
  let heard = Date.now();
  let connected = false;
  let everConnected = false;
  let retry = RETRY.shortest;
  const asked = new Map(); // tunnel -> mark for which its part was asked

  // ---- cells

  function age(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
    if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
    return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
  }

  function setText(element, value) {
    if (element.textContent !== value) element.textContent = value;
  }

  function setIcon(element, look) {
    const icon = element.querySelector('i.pi');
    if (icon) icon.className = `pi ${icons[look] || ''}`;
  }

  function setCell(name, cell) {
    for (const element of document.querySelectorAll(`[data-cell="${CSS.escape(name)}"]`)) {
      if (cell.look) {
        element.dataset.look = cell.look;
        setIcon(element, cell.look);
      }
      element.dataset.since = cell.since || 0;
      setText(element.querySelector('.word') || element, cell.text);
    }
  }

  // Parts that came from the server have no icons and no ages of this second yet.
  function dress() {
    for (const element of document.querySelectorAll('.state[data-look]')) {
      setIcon(element, element.dataset.look);
    }
  }

  function countOn() {
    if (!isLive()) return;
    const now = (Date.now() + clockOffset) / 1000;
    for (const element of document.querySelectorAll('[data-cell][data-since]')) {
      const since = Number(element.dataset.since);
      if (since > 0) {
        const words = element.dataset.look === 'retrying' ? text.textRetrying : text.textAgo;
        setText(element.querySelector('.word') || element, words.replace('{0}', age(now - since)));
      }
    }
  }

  // ---- live or stale

  const isLive = () =>
    gateway.live && (connected || !everConnected) && Date.now() - heard < SILENCE;

  function showState() {
    const good = isLive();
    const was = live.classList.contains('is-live');
    live.classList.toggle('is-live', good);
    live.classList.toggle('is-stale', !good);
    live.querySelector('i').className = good ? 'pi pi-bolt' : 'pi pi-exclamation-triangle';
    setText(live.querySelector('.word'), good ? text.textLive : text.textStale);
    document.body.classList.toggle('stale', !good);
    if (!good) {
      const lost = !gateway.live;
      const since = lost ? gateway.since - clockOffset : heard;
      const clock = new Date(since).toLocaleTimeString('en-GB');
      setText(
        stale.querySelector('span'),
        `${text.textSince.replace('{0}', clock)} ${lost ? text.textGateway : text.textConsole}`,
      );
    }
    if (stale.hidden !== good || was !== good) stale.hidden = good;
  }

  // ---- parts of the page

  function compareOutline(outline) {
    const names = Object.keys(outline);
    const panels = [...document.querySelectorAll('[data-tunnel]')];
    const shown = panels.map((panel) => panel.dataset.tunnel);
    if (names.join('\n') !== shown.join('\n')) {
      ask('', names.join('\n'));
      return;
    }
    for (const panel of panels) {
      const mark = outline[panel.dataset.tunnel];
      if (panel.dataset.mark !== mark) ask(panel.dataset.tunnel, mark);
    }
  }

  function ask(tunnel, mark) {
    if (asked.get(tunnel) === mark) return;
    asked.set(tunnel, mark);
    window.refreshTunnel([{ name: 'tunnel', value: tunnel }]);
  }

  // ---- the connection

  function receive(event) {
    const message = JSON.parse(event.data);
    heard = Date.now();
    clockOffset = message.time - heard;
    gateway = { live: message.live, since: message.since };
    for (const [name, cell] of Object.entries(message.cells)) setCell(name, cell);
    compareOutline(message.outline);
    showState();
    countOn();
  }

  function connect() {
    const socket = new WebSocket(`wss://${location.host}/push/tunnels`);
    socket.addEventListener('open', () => {
      connected = true;
      everConnected = true;
      heard = Date.now();
      retry = RETRY.shortest;
    });
    socket.addEventListener('message', receive);
    socket.addEventListener('close', () => {
      connected = false;
      everConnected = true;
      showState();
      setTimeout(tryAgain, retry);
      retry = Math.min(retry * 2, RETRY.longest);
    });
  }

  // A page whose session has ended can never connect again: it goes to the login page instead.
  async function tryAgain() {
    try {
      const answer = await fetch('/api/status', { method: 'HEAD', cache: 'no-store' });
      if (answer.status === 401) {
        location.reload();
        return;
      }
    } catch {
      // The console is away; the next try will tell.
    }
    connect();
  }

  new MutationObserver(dress).observe(document.getElementById('page'), {
    childList: true,
    subtree: true,
  });
  dress();
  showState();
  connect();
  setInterval(() => {
    countOn();
    showState();
  }, 1000);
})();
