// A small app as a process of its own: what start() promises can only be seen from outside.
import { Access, log, MICROSERVICE, RuntimeModule, readEnv, start } from '@gatehouse/runtime';
import { Controller, Get, Module, Res } from '@nestjs/common';
import { Server } from '@nestjs/microservices';

const config = readEnv('connections', {});
const say = (what) => log('fixture').info(what);

class Strategy extends Server {
  listen(done) {
    say('consumers started');
    done();
  }
  close() {}
  on() {}
  unwrap() {}
}

class Worker {
  async beforeApplicationShutdown() {
    const ready = await fetch(`http://${config.HOST}:${config.PORT}/readyz`);
    say(`draining while readiness is ${ready.status}`);
  }
  onApplicationShutdown() {
    say('database closed');
  }
}

class Answers {
  async slow() {
    say('asked');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { done: true };
  }
  endless(reply) {
    reply.hijack();
    reply.raw.writeHead(200).write('data: 1');
    say('streaming');
  }
}
Controller()(Answers);
Access('anyone', { callers: [] })(Answers);
for (const name of ['slow', 'endless']) Get(name)(Answers.prototype, name, Object.getOwnPropertyDescriptor(Answers.prototype, name));
Res()(Answers.prototype, 'endless', 0);

class AppModule {}
Module({
  imports: [RuntimeModule.for(config)],
  controllers: [Answers],
  providers: [Worker, { provide: MICROSERVICE, useClass: Strategy }],
})(AppModule);
await start(AppModule, config);
if (process.env.CRASH) setTimeout(() => Promise.reject(new Error('nobody caught me')));
