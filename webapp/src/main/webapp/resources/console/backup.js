// SPDX-License-Identifier: Apache-2.0
// Backups on the page System: one is fetched, encrypted as it is; one is sent, opened by its
// passphrase, shown with what it would change, and only then restored. The passphrase is sealed here
// to a key of the data plane (X25519, HKDF, AES-GCM), so that the server in between never has it.
(() => {
  'use strict';
  const card = document.getElementById('backup');
  const dialog = document.getElementById('restore');
  const field = card.querySelector('[data-backup-file]');
  const said = card.querySelector('[data-backup-said]');
  const passphrase = document.getElementById('restore-passphrase');
  const list = dialog.querySelector('[data-restore-files]');
  const left = dialog.querySelector('[data-restore-left]');
  const refused = dialog.querySelector('[data-restore-said]');
  const words = dialog.dataset;
  const LOOKS = { ADDED: 'up', CHANGED: 'retrying', REMOVED: 'failed', SAME: 'idle' };
  let sent = null;

  const toBase64 = (octets) => btoa(String.fromCharCode(...octets));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

  function show(name) {
    for (const part of dialog.querySelectorAll('[data-restore]')) part.hidden = part.dataset.restore !== name;
  }

  function say(place, text, look = 'notice error') {
    place.textContent = text;
    place.className = look;
    place.hidden = text === '';
  }

  async function ask(path, options = {}) {
    const answer = await fetch(path, { method: 'POST', ...options });
    if (answer.ok) return answer;
    let why = null;
    try {
      why = await answer.json();
    } catch {
      // No answer of ours.
    }
    const finding = why?.findings?.[0];
    throw new Error([why?.detail ?? words.textFailed, finding?.remedy].filter(Boolean).join('. '));
  }

  // ---- one that goes

  card.querySelector('[data-backup-make]').addEventListener('click', async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    say(said, '');
    try {
      const answer = await ask('/api/v1/backup');
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await answer.blob());
      link.download = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition'))[1];
      link.click();
      URL.revokeObjectURL(link.href);
      say(said, words.textMade.replace('{0}', link.download), 'hint');
    } catch (e) {
      say(said, e.message);
    }
    button.disabled = false;
  });

  // ---- one that comes

  card.querySelector('[data-backup-choose]').addEventListener('click', () => field.click());
  field.addEventListener('change', async () => {
    const [file] = field.files;
    field.value = '';
    if (!file) return;
    sent = null;
    say(refused, '');
    passphrase.value = '';
    show('sending');
    dialog.showModal();
    try {
      const answer = await ask('/api/v1/restore', { headers: { 'Content-Type': 'application/octet-stream' }, body: file });
      sent = await answer.json();
      show('passphrase');
      passphrase.focus();
    } catch (e) {
      say(refused, e.message);
      show('');
    }
  });

  async function seal(text) {
    const receiver = fromBase64(sent.publicKey);
    const own = await window.gatehouse.agree(receiver);
    const common = await crypto.subtle.importKey('raw', own.common, 'HKDF', false, ['deriveKey']);
    const key = await crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: Uint8Array.from([...own.public, ...receiver]), info: new TextEncoder().encode('Gatehouse passphrase') },
      common,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt'],
    );
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, key, new TextEncoder().encode(text));
    return toBase64([...own.public, ...new Uint8Array(sealed)]);
  }

  function row(file) {
    const item = document.createElement('li');
    item.className = 'import-file import-head';
    const name = document.createElement('code');
    name.textContent = file.name;
    const state = document.createElement('span');
    state.className = 'state';
    state.dataset.look = LOOKS[file.change];
    const mark = document.createElement('i');
    mark.className = 'pi';
    mark.setAttribute('aria-hidden', 'true');
    const word = document.createElement('span');
    word.className = 'word';
    word.textContent = words[`text${file.change[0]}${file.change.slice(1).toLowerCase()}`];
    state.append(mark, word);
    item.append(name, state);
    return item;
  }

  dialog.querySelector('[data-restore-open]').addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    say(refused, '');
    try {
      const body = JSON.stringify({ sealed: await seal(passphrase.value) });
      const answer = await ask(`/api/v1/restore/${sent.id}/preview`, { headers: { 'Content-Type': 'application/json' }, body });
      const preview = await answer.json();
      passphrase.value = '';
      const made = new Date(preview.made * 1000).toLocaleString(document.documentElement.lang);
      dialog.querySelector('[data-restore-made]').textContent = words.textFrom.replace('{0}', made).replace('{1}', preview.version);
      list.replaceChildren(...preview.files.map(row));
      left.hidden = preview.left.length === 0;
      show('preview');
    } catch (e) {
      say(refused, e.message);
      passphrase.select();
    }
    if (button) button.disabled = false;
  });

  dialog.querySelector('[data-restore-apply]').addEventListener('click', async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    say(refused, '');
    try {
      await ask(`/api/v1/restore/${sent.id}`);
      show('done');
    } catch (e) {
      say(refused, e.message);
    }
    button.disabled = false;
  });

  dialog.addEventListener('close', () => {
    passphrase.value = '';
    list.replaceChildren();
  });
})();
