import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recentWarnings, setLogLevel } from '../../../src/base/log.ts';
import { connectDiagnostics, createDiagLogger } from '../../../src/metrics/otel/diagnostics.ts';

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  setLogLevel('info');
  diag.disable();
});

const keep = (text: string) => text;

describe('messages of the SDK', () => {
  it('are logged by their level, warnings of one kind only once', () => {
    const logger = createDiagLogger(keep);
    for (const value of [-1, -2, -3.5]) logger.warn(`negative value provided to counter orders: ${value}`);
    logger.warn('negative value provided to counter sizes: -1');
    logger.error('@opentelemetry/instrumentation-http', 'failed', new Error('no such module'));
    logger.info('started');
    logger.debug('not logged at the level info');
    expect(lines).toEqual([
      '[@org/apm] OpenTelemetry: negative value provided to counter orders: -1',
      '[@org/apm] OpenTelemetry: negative value provided to counter sizes: -1',
      '[@org/apm] OpenTelemetry: @opentelemetry/instrumentation-http failed no such module',
      '[@org/apm] OpenTelemetry: started',
    ]);
  });

  it('are in the status without their values, also when the level does not log them', () => {
    setLogLevel('none');
    createDiagLogger(keep).warn('Invalid metric name: "a b". It must be shorter than 255 (now: 256)');
    expect(lines).toEqual([]);
    expect(recentWarnings().at(-1)?.text).toBe(
      'OpenTelemetry: Invalid metric name: .... It must be shorter than ... ...',
    );
  });

  it('are logged without secrets, objects, and the credentials and query of a URL', () => {
    const logger = createDiagLogger((text) => text.replaceAll('s3cret', '...'));
    logger.warn('receiver said s3cret', { token: 's3cret' }, 'http://user:pass@host/path?key=value next');
    logger.warn('Header "authorization" has invalid value (Bearer abc) and will be ignored');
    logger.warn('OTEL_EXPORTER_OTLP_TIMEOUT is invalid (actual: abc)');
    expect(lines).toEqual(['[@org/apm] OpenTelemetry: receiver said ... http://...@host/path?... next']);
  });

  it('are dropped above fifty kinds, so that memory stays bounded', () => {
    const logger = createDiagLogger(keep);
    for (let i = 0; i < 100; i++) logger.warn(`kind ${'x'.repeat(i)} of warning`);
    expect(lines.length).toBe(50);
  });

  it('do not recurse when the console of the app reports to OpenTelemetry', () => {
    const logger = createDiagLogger(keep);
    vi.mocked(console.error).mockImplementation((line: string) => {
      lines.push(line);
      logger.error('reported by the console');
    });
    logger.warn('reported by the SDK');
    expect(lines).toEqual(['[@org/apm] OpenTelemetry: reported by the SDK']);
  });

  it('throw nothing when the console throws', () => {
    vi.mocked(console.error).mockImplementation(() => {
      throw new Error('closed');
    });
    createDiagLogger(keep).warn('reported by the SDK');
  });
});

describe('the logger of OpenTelemetry', () => {
  const appLogger = (): { received: string[]; logger: DiagLogger } => {
    const received: string[] = [];
    const receive = (message: string) => void received.push(message);
    return { received, logger: { error: receive, warn: receive, info: receive, debug: receive, verbose: receive } };
  };

  it('is ours until it is disconnected', () => {
    const disconnect = connectDiagnostics(undefined, keep);
    diag.warn('while connected');
    disconnect();
    diag.warn('after that');
    expect(lines).toEqual(['[@org/apm] OpenTelemetry: while connected']);
  });

  it('stays the one that the app has set, and the app gets no message about it', () => {
    const { received, logger } = appLogger();
    diag.setLogger(logger, DiagLogLevel.WARN);
    connectDiagnostics(undefined, keep)();
    diag.warn('for the app');
    expect(received).toEqual(['for the app']);
    expect(lines).toEqual([]);
  });

  it('becomes the one that the app sets later, also after ours is disconnected', () => {
    const disconnect = connectDiagnostics(undefined, keep);
    const { received, logger } = appLogger();
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    disconnect();
    diag.warn('for the app');
    expect(received).toEqual(['for the app']);
    expect(lines).toEqual([]);
  });

  it('logs nothing when another one replaces ours', () => {
    connectDiagnostics(undefined, keep);
    diag.setLogger(appLogger().logger, DiagLogLevel.WARN);
    expect(lines).toEqual([]);
  });
});
