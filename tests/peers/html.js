// Checks pages: on standard input a JSON list of pairs, a name and HTML; on standard output a line for each fault, and nothing where
// there is none.

import { readFileSync } from 'node:fs';
import { HtmlValidate } from 'html-validate';

const checker = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // Of taste.
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'attribute-boolean-style': 'off',
    'doctype-style': 'off',
    'no-implicit-input-type': 'off',
    'form-dup-name': ['error', { shared: ['checkbox', 'radio', 'submit'] }],
    // A button in a form submits it unless it says otherwise (HTML 4.10.18.5).
    'no-implicit-button-type': 'off',
  },
});

for (const [name, html] of JSON.parse(readFileSync(0, 'utf8'))) {
  const report = await checker.validateString(html);
  for (const { messages } of report.results) {
    for (const { line, column, ruleId, message } of messages) {
      process.stdout.write(`${name}:${line}:${column}: ${message} (${ruleId}): ${html.split('\n')[line - 1].slice(0, 160)}\n`);
    }
  }
}
