// SPDX-License-Identifier: Apache-2.0
// Files and folders that are dropped on the page, or chosen: each is checked by the data plane and
// shown with what is to be said of it, and only then put into the tunnel directory.
(() => {
  'use strict';
  const MOST = 200;
  const LARGEST = 1 << 20;
  const dialog = document.getElementById('import');
  if (!dialog) return; // whoever may only look
  const list = dialog.querySelector('[data-import-list]');
  const button = dialog.querySelector('[data-import-put]');
  const said = dialog.querySelector('[data-import-said]');
  const words = dialog.dataset;
  let files = [];
  let put = false;

  // ---- what was dropped

  const entryFile = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
  const entryList = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

  async function collect(entry, found) {
    if (found.length > MOST) return;
    if (entry.isFile) {
      found.push(await entryFile(entry));
    } else {
      const reader = entry.createReader();
      for (let part = await entryList(reader); part.length > 0; part = await entryList(reader)) {
        for (const each of part) await collect(each, found);
      }
    }
  }

  async function take(found) {
    const wanted = found.filter((file) => file.name.endsWith('.conf') && file.size <= LARGEST).slice(0, MOST);
    put = false;
    files = await Promise.all(wanted.map(async (file) => ({ name: file.name, text: await file.text() })));
    said.textContent = words.textPassed.replace('{0}', found.length - files.length);
    said.hidden = found.length === files.length;
    dialog.showModal();
    await ask(true);
  }

  document.addEventListener('dragover', (event) => {
    if ([...event.dataTransfer.types].includes('Files')) {
      event.preventDefault();
      document.body.classList.add('dropping');
    }
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) document.body.classList.remove('dropping');
  });
  document.addEventListener('drop', async (event) => {
    event.preventDefault();
    document.body.classList.remove('dropping');
    // The list is emptied as soon as this function waits.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const found = entries.length > 0 ? [] : [...event.dataTransfer.files];
    for (const entry of entries) await collect(entry, found);
    await take(found);
  });
  for (const field of document.querySelectorAll('[data-import-field]')) {
    field.addEventListener('change', async () => {
      await take([...field.files]);
      field.value = '';
    });
  }
  document.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-import-open]');
    if (opener) document.querySelector(`[data-import-field="${opener.dataset.importOpen}"]`).click();
  });

  // ---- checks, and putting them there

  async function ask(dryRun) {
    button.disabled = true;
    const chosen = dryRun ? files : files.filter((file) => file.good);
    try {
      const answer = await fetch('/api/import', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ dryRun, files: chosen.map(({ name, text }) => ({ name, text })) }),
      });
      if (!answer.ok) throw new Error(answer.status);
      (await answer.json()).forEach((result, i) => Object.assign(chosen[i], result, { done: !dryRun && result.good }));
      put = put || !dryRun;
    } catch {
      said.textContent = words.textFailed;
      said.hidden = false;
    }
    show();
  }

  function element(name, className, text = '') {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function row(file) {
    const item = element('li', 'import-file');
    const head = element('div', 'import-head');
    const state = element('span', 'state');
    state.dataset.look = file.done ? 'running' : file.good ? 'up' : 'failed';
    state.append(element('i', 'pi'), element('span', 'word', file.done ? words.textDone : file.good ? words.textGood : words.textBad));
    const name = document.createElement('input');
    name.type = 'text';
    name.className = 'mono';
    name.value = file.name;
    name.setAttribute('aria-label', words.textName);
    name.disabled = Boolean(file.done);
    name.addEventListener('change', () => {
      file.name = name.value.trim();
      ask(true);
    });
    head.append(name, state);
    item.append(head);
    if (file.refusal && !file.findings?.length) item.append(element('p', 'hint', file.refusal));
    for (const finding of file.findings ?? []) {
      const text = `${finding.line ? `${finding.line}: ` : ''}${finding.message}${finding.value ? `: ${finding.value}` : ''}. ${finding.remedy}`;
      const said = element('p', 'import-finding', text);
      said.dataset.severity = finding.severity;
      said.lang = 'en';
      said.dir = 'auto';
      item.append(said);
    }
    return item;
  }

  function show() {
    list.replaceChildren(...files.map(row));
    const good = files.filter((file) => file.good && !file.done).length;
    button.disabled = good === 0;
    button.querySelector('span').textContent = words.textPut.replace('{0}', good);
  }

  button.addEventListener('click', () => ask(false));
  dialog.addEventListener('close', () => {
    files = [];
    list.replaceChildren();
    if (put) location.reload();
  });
})();
