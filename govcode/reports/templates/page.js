(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paper = () => { root.dataset.theme = 'light'; };
  let chosen = dark.matches ? 'dark' : 'light';
  const show = () => { root.dataset.theme = chosen; };
  show();
  dark.addEventListener('change', (event) => { chosen = event.matches ? 'dark' : 'light'; show(); });
  addEventListener('beforeprint', paper);
  addEventListener('afterprint', show);
  const theme = document.getElementById('theme');
  theme.hidden = false;
  theme.addEventListener('click', () => { chosen = chosen === 'dark' ? 'light' : 'dark'; show(); });

  const save = (name, blob) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const face = rules.filter((rule) => rule instanceof CSSFontFaceRule).map((rule) => rule.cssText).join('');
  const svgText = (svg) => {
    const copy = svg.cloneNode(true);
    const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
    style.textContent = face;
    const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    ground.setAttribute('width', '100%');
    ground.setAttribute('height', '100%');
    ground.setAttribute('fill', '#fff');
    copy.prepend(style, ground);
    return new XMLSerializer().serializeToString(copy);
  };
  const cell = (node) => {
    const text = node.textContent.trim();
    const safe = /^[=+@\t]|^-[^\d]/.test(text) ? "'" + text : text;
    return /[",\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  const csv = (table) => '\ufeff' + [...table.rows]
    .map((row) => [...row.cells].map(cell).join(',')).join('\r\n') + '\r\n';
  const png = (svg, name) => {
    const box = svg.viewBox.baseVal;
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = box.width * 3;
      canvas.height = box.height * 3;
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(name, blob));
    };
    image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svgText(svg));
  };
  const button = (words, label, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = words;
    made.setAttribute('aria-label', words + ': ' + label);
    made.addEventListener('click', act);
    return made;
  };
  for (const figure of document.querySelectorAll('figure')) {
    const svg = figure.querySelector('svg.chart');
    const table = figure.querySelector('table');
    const name = figure.id.replace('figure-', '');
    const label = figure.querySelector('figcaption').textContent;
    figure.querySelector('details').before(
      button('SVG', label, () => save(name + '.svg', new Blob([svgText(svg)], { type: 'image/svg+xml' }))),
      button('PNG', label, () => png(svg, name + '.png')),
      button('CSV', label, () => save(name + '.csv', new Blob([csv(table)], { type: 'text/csv' }))),
    );
  }
  for (const table of document.querySelectorAll('section > .scroll > table')) {
    const label = table.caption ? table.caption.textContent : table.id;
    table.parentElement.after(
      button('CSV', label, () => save(table.id + '.csv', new Blob([csv(table)], { type: 'text/csv' }))),
    );
  }
})();
