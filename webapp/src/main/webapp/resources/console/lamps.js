// SPDX-License-Identifier: Apache-2.0
// Lights a lamp for each step that a new peer has taken, and says why it stalls. Lamps.java tells
// what the numbers are; only those count that rose since the peer was made.
(() => {
  'use strict';
  const PATIENCE = 15000; // after which silence is a reason to look
  const begun = new Map(); // peer -> what there was when its lamps were first seen, and when

  // Of a peer that is only just made nothing is known yet, which is none.
  const numbers = (element) => {
    const words = element.textContent.split(' ');
    return [0, 1, 2, 3].map((i) => Number(words[i] || 0));
  };

  function set(lamps, name, verdict, why = verdict) {
    const lamp = lamps.querySelector(`[data-lamp="${name}"]`);
    lamp.dataset.verdict = verdict;
    for (const word of lamp.querySelectorAll('[data-when]')) {
      word.hidden = word.dataset.when !== (word.matches('p') ? why : verdict);
    }
  }

  function light(lamps) {
    const arrivals = numbers(lamps.querySelector('[data-arrivals]'));
    const progress = numbers(lamps.querySelector('[data-progress]'));
    const peer = lamps.dataset.lamps;
    if (!begun.has(peer)) begun.set(peer, { arrivals, progress, at: Date.now(), through: 0 });
    const start = begun.get(peer);
    const [arrived, badMac, strangers] = arrivals.map((count, i) => count - start.arrivals[i]);
    const [address, handshake, data, forged] = progress.map((count, i) => count - start.progress[i]);
    if (handshake > 0 && start.through === 0) start.through = Date.now();
    const late = Date.now() - start.at > PATIENCE;
    const opened = address > 0 || handshake > 0 || strangers > 0 || forged > 0;

    set(lamps, 'seen', arrived > 0 || opened ? 'GOOD' : late ? 'BAD' : 'UNKNOWN');
    set(lamps, 'mac', opened ? 'GOOD' : badMac > 0 ? 'BAD' : 'UNKNOWN');
    if (handshake > 0) set(lamps, 'handshake', 'GOOD');
    else if (strangers > 0) set(lamps, 'handshake', 'BAD', 'STRANGER');
    else set(lamps, 'handshake', opened && late ? 'BAD' : 'UNKNOWN');
    const idle = start.through > 0 && Date.now() - start.through > PATIENCE;
    set(lamps, 'data', data > 0 ? 'GOOD' : idle ? 'BAD' : 'UNKNOWN');

    for (const step of document.querySelectorAll('.stepper [data-step]')) {
      const reached = handshake > 0 && data > 0 ? 6 : 5;
      step.classList.toggle('done', Number(step.dataset.step) < reached);
      step.classList.toggle('now', Number(step.dataset.step) === reached);
      step.setAttribute('aria-current', Number(step.dataset.step) === reached ? 'step' : 'false');
    }
  }

  const lightAll = () => document.querySelectorAll('[data-lamps]').forEach(light);
  document.addEventListener('gatehouse:told', lightAll);
  document.addEventListener('gatehouse:renewed', lightAll);
  setInterval(lightAll, 1000);
})();
