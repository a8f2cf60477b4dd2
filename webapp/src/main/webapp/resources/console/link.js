// SPDX-License-Identifier: Apache-2.0
// A link that hands a client's file to whoever gets it, once. The file is sealed here (AES-GCM with a
// key of 256 bits); the server keeps what is sealed, and the key stands behind the # of the address,
// which browsers send nowhere.
(() => {
  'use strict';
  const IV = 12;

  const toBase64 = (octets) => btoa(String.fromCharCode(...octets));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const toUrl = (octets) => toBase64(octets).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const fromUrl = (text) => fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  const aes = (key, use) => crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use]);

  // ---- making one, beside the client's file

  async function make() {
    const place = document.getElementById('client-file');
    const said = document.getElementById('client-said');
    const key = crypto.getRandomValues(new Uint8Array(32));
    const iv = crypto.getRandomValues(new Uint8Array(IV));
    const text = new TextEncoder().encode(document.getElementById('client-text').textContent);
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await aes(key, 'encrypt'), text);
    const answer = await fetch('/api/v1/links', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        sealed: toBase64([...iv, ...new Uint8Array(sealed)]),
        label: place.dataset.client || '',
        hours: Number(document.getElementById('link-hours').value),
      }),
    });
    if (!answer.ok) {
      said.textContent = place.dataset.linkFailed;
      return;
    }
    const link = document.getElementById('client-link');
    link.value = `${location.origin}/get#${(await answer.json()).id}.${toUrl(key)}`;
    link.closest('.field').hidden = false;
    link.select();
    try {
      await navigator.clipboard.writeText(link.value);
      said.textContent = place.dataset.linkCopied;
    } catch {
      said.textContent = '';
    }
  }

  document.getElementById('client-make-link')?.addEventListener('click', make);

  // ---- opening one

  const page = document.getElementById('get');
  if (!page) return;
  const [id, key] = location.hash.slice(1).split('.');

  function show(name) {
    for (const part of page.querySelectorAll('[data-get]')) part.hidden = part.dataset.get !== name;
  }

  async function take() {
    try {
      const answer = await fetch('/take', { method: 'POST', body: id });
      if (!answer.ok) throw new Error('gone');
      const octets = fromBase64(await answer.text());
      const opened = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: octets.slice(0, IV) },
        await aes(fromUrl(key), 'decrypt'),
        octets.slice(IV),
      );
      const text = new TextDecoder().decode(opened);
      document.getElementById('get-text').textContent = text;
      const drawn = window.gatehouse.qr(text, page.querySelector('[data-code]').dataset.code);
      document.getElementById('get-code').replaceChildren(...(drawn ? [drawn] : []));
      document.getElementById('get-download').addEventListener('click', () => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
        link.download = 'wg0.conf';
        link.click();
        URL.revokeObjectURL(link.href);
      });
      history.replaceState(null, '', '/get');
      show('have');
    } catch {
      show('gone');
    }
  }

  if (!id || !key) show('gone');
  page.querySelector('[data-take]').addEventListener('click', take);
})();
