import * as assert from 'node:assert/strict';
import { named, namedBefore, namedWithout, steppedBack, type Namings } from '../../../src/host/gpu/namings';

describe('host: what the setting has named', () => {
  const after = (...dirs: string[]): Namings =>
    dirs.slice(1).reduce<Namings>((namings, dir, i) => named(namings, dirs[i]!, dir), []);

  it('is gone back through, step by step, to what it was found with', () => {
    let namings = after('/own', '/a', '/b');
    const back: (string | undefined)[] = [];
    for (let now: string | undefined = '/b'; now !== undefined;) {
      const before = namedBefore(namings, now);
      namings = steppedBack(namings, now);
      back.push((now = before));
    }
    assert.deepEqual(back, ['/a', '/own', undefined]);
  });

  it('counts no step that changes nothing', () => {
    assert.equal(namedBefore(after('/own', '/a', '/a'), '/a'), '/own');
  });

  it('is forgotten where the setting was changed by hand', () => {
    assert.equal(namedBefore(after('/own', '/a'), '/by hand'), undefined);
    assert.equal(namedBefore(named(after('/own', '/a'), '/by hand', '/b'), '/b'), '/by hand');
  });

  it('knows of the removal of what was fetched', () => {
    const rest = (now: string, ...dirs: string[]) => namedWithout(after(...dirs), now, '/fetched');
    assert.deepEqual(rest('/fetched', '/own', '/fetched'), ['/own']);
    assert.deepEqual(rest('/b', '/own', '/fetched', '/b'), ['/own', '/b']);
    assert.deepEqual(rest('/a', '/a', '/fetched', '/a'), ['/a']);
    assert.deepEqual(rest('/fetched', '/fetched'), ['']);
    assert.deepEqual(rest('/own', '/own'), ['/own']);
  });
});
