// The same app for every version of Nest on both of its platforms. What each request must be counted as is in table.ts.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import {
  All,
  BadRequestException,
  Body,
  Catch,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpException,
  Injectable,
  Module,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Redirect,
  Res,
  StreamableFile,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  VersioningType,
} from '@nestjs/common';
import { NestFactory, RouterModule } from '@nestjs/core';
import { map } from 'rxjs';

/** Which of them it is, the folder it is installed in says. */
const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
const onFastify = name.includes('fastify');
/** Wildcards have names in the path syntax of Express 5. */
const rest = onFastify || name.includes('-10-') ? '*' : '*rest';

@Injectable()
class Closed {
  canActivate(context) {
    const { id } = context.switchToHttp().getRequest().params;
    if (id === 'nobody') throw new HttpException('who are you?', 401);
    return id !== 'other';
  }
}

@Injectable()
class Wrapped {
  intercept(context, next) {
    if (context.switchToHttp().getRequest().params.id === 'early') throw new HttpException('early', 429);
    return next.handle().pipe(map((value) => ({ value })));
  }
}

@Injectable()
class Named {
  transform(value) {
    if (value?.name === undefined) throw new BadRequestException('a name is needed');
    return value;
  }
}

class Teapot extends Error {}

@Catch(Teapot)
class Teapots {
  catch(_error, host) {
    const response = host.switchToHttp().getResponse();
    response.status(418).send('short and stout');
  }
}

@Controller()
class Root {
  @Get() home() {
    return 'ok';
  }
  @Get('health') health() {
    return 'ok';
  }
  @Get(`files/${rest}`) files() {
    return 'ok';
  }
  @Get(['one', 'two/:x']) several() {
    return 'ok';
  }
}

@Controller('cats')
class Cats {
  @Get() all() {
    return [];
  }
  @Get('whole/:id') whole(@Param('id', ParseIntPipe) id) {
    return { id };
  }
  @Get('guarded/:id') @UseGuards(Closed) guarded() {
    return 'ok';
  }
  @Get('wrapped/:id') @UseInterceptors(Wrapped) wrapped() {
    return 'ok';
  }
  @Get('teapots/:id') @UseFilters(Teapots) teapot() {
    throw new Teapot();
  }
  @Get('gone/:id') gone() {
    throw new NotFoundException();
  }
  @Get('fails/:id') async fails() {
    throw new Error('failed');
  }
  @Get('moved/:id') @Redirect('/api/cats', 302) moved() {}
  @Get('streamed/:id') streamed() {
    return new StreamableFile(Buffer.from('ok'));
  }
  @Get('by-hand/:id') byHand(@Res() response) {
    response.status(202).send('ok');
  }
  @Get(':id') one(@Param('id') id) {
    return { id };
  }
  @Post() @UsePipes(Named) create(@Body() body) {
    return body;
  }
  @Delete(':id') @HttpCode(204) remove() {}
  @All(':id/any') any() {
    return 'ok';
  }
}

@Controller({ path: 'dogs', version: ['1', '2'] })
class Dogs {
  @Get(':id') one() {
    return 'ok';
  }
}

@Controller('birds/:bird')
class Birds {
  @Get() one() {
    return 'ok';
  }
  @Get('eggs/:egg') egg() {
    return 'ok';
  }
}

@Module({ controllers: [Birds] })
class Aviary {}

@Module({
  controllers: [Root, Cats, Dogs],
  imports: [Aviary, RouterModule.register([{ path: 'zoo/:zoo', module: Aviary }])],
})
class App {
  configure(consumer) {
    const stops = (request, response, next) => {
      if (!String(request.headers['x-stop'] ?? '')) return next();
      response.statusCode = 403;
      response.end('stopped');
    };
    consumer.apply(stops).forRoutes(Cats);
  }
}

async function main() {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  const app = await NestFactory.create(App, onFastify ? new FastifyAdapter() : new ExpressAdapter(), { logger: false });
  // Before the routes.
  app.use((request, response, next) => {
    const told = request.headers['x-before'];
    if (told === undefined) return next();
    if (told === 'fails') return next(new Error('failed'));
    response.statusCode = Number(told);
    response.end();
  });
  app.setGlobalPrefix('api', { exclude: ['health'] });
  app.enableVersioning({ type: VersioningType.URI });
  await app.listen(0, '127.0.0.1');
  console.log(`listening ${(app.getHttpServer().address() as AddressInfo).port}`);
}
main();
