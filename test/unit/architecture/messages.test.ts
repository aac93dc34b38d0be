import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const direct = /\bwindow\s*\.\s*show(Information|Warning|Error)Message\b/;

describe('messages of the window', () => {
  it('go through the one place that lets no text become a link', () => {
    const files = fs
      .readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.posix.join('src', file.replaceAll('\\', '/')));
    assert.deepEqual(
      files.filter((file) => direct.test(fs.readFileSync(file, 'utf8'))),
      [],
    );
  });
});
